using Aistrale.Web.Sessions;
using Microsoft.AspNetCore.Components;

namespace Aistrale.Web.Components.Pages.Keys;

public sealed partial class Snippets
{
    private const string Curl = "curl";
    private const string Python = "Python";
    private const string JavaScript = "JavaScript";
    private const string Model = "gpt-4o-mini";

    private static readonly IReadOnlyList<string> Languages = [Curl, Python, JavaScript];

    private string _language = Curl;
    private string _id = "";

    [Inject]
    private CurrentSession Session { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Parameter, EditorRequired]
    public string Key { get; set; } = "";

    // Two can be on one page: on the page itself and in the dialog that shows a new key.
    private string BaseUrl => (Session.Credentials?.Origin ?? Navigation.BaseUri.TrimEnd('/')) + "/v1";

    private string Code => _language switch
    {
        Python => $"""
            from openai import OpenAI

            client = OpenAI(base_url="{BaseUrl}", api_key="{Key}")
            answer = client.chat.completions.create(
                model="{Model}",
                messages=[dict(role="user", content="Hello")],
            )
            print(answer.choices[0].message.content)
            """,
        JavaScript => $$"""
            import OpenAI from "openai";

            const client = new OpenAI({ baseURL: "{{BaseUrl}}", apiKey: "{{Key}}" });
            const answer = await client.chat.completions.create({
              model: "{{Model}}",
              messages: [{ role: "user", content: "Hello" }],
            });
            console.log(answer.choices[0].message.content);
            """,
        _ => $$"""
            curl {{BaseUrl}}/chat/completions \
              -H "Authorization: Bearer {{Key}}" \
              -H "Content-Type: application/json" \
              -d '{"model": "{{Model}}", "messages": [{"role": "user", "content": "Hello"}]}'
            """,
    };

    protected override void OnParametersSet() => _id = Key.StartsWith("YOUR", StringComparison.Ordinal) ? "snippet" : "snippet-new";
}
