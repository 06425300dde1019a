using Aistrale.Contracts;
using Aistrale.Core;
using Aistrale.Core.Inference.Routing;
using Aistrale.Core.Keys;
using Aistrale.Core.Tokens;
using Aistrale.UnitTests.Core.Inference.Settlement;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Routing;

public sealed class RouterTests
{
    private static readonly Guid Other = new("019a0000-0000-7000-8000-00000000eeee");

    private readonly TokenDirectory _tokens = new(null!);
    private readonly Router _router;

    public RouterTests()
    {
        _router = new Router(Calls.Providers, _tokens, SettlementRig.Catalogue);
        Have([.. Providers.All.Select(provider => Calls.Token(provider))]);
    }

    [Theory]
    [InlineData("gpt-4o-mini", "openai", "gpt-4o-mini")]
    [InlineData("gpt-4o-mini-2024-07-18", "openai", "gpt-4o-mini-2024-07-18")]
    [InlineData("claude-haiku-4-5", "anthropic", "claude-haiku-4-5")]
    [InlineData("gemini-2.5-flash", "gemini", "gemini-2.5-flash")]
    [InlineData("llama-3.3-70b-versatile", "groq", "llama-3.3-70b-versatile")]
    [InlineData("groq/llama-3.3-70b-versatile", "groq", "llama-3.3-70b-versatile")]
    [InlineData("groq/openai/gpt-oss-120b", "groq", "openai/gpt-oss-120b")]
    [InlineData("openai/gpt-oss-120b", "openai", "gpt-oss-120b")]
    [InlineData("OpenAI/some-model-of-tomorrow", "openai", "some-model-of-tomorrow")]
    [InlineData("huggingface/openai/gpt-oss-120b:novita", "huggingface", "openai/gpt-oss-120b:novita")]
    [InlineData("huggingface/openai/gpt-oss-120b:fastest", "huggingface", "openai/gpt-oss-120b:fastest")]
    [InlineData("custom/llama3:8b", "custom", "llama3:8b")]
    [InlineData("custom/main/llama3:8b", "custom", "llama3:8b")]
    [InlineData("custom/MAIN/meta/llama3", "custom", "meta/llama3")]
    public void A_model_name_leads_to_its_provider(string name, string provider, string model)
    {
        var target = Plan(name).Value[0];

        Assert.Equal((provider, model), (target.Provider.Name, target.Model));
    }

    [Fact]
    public void The_catalogue_name_of_a_Hugging_Face_model_has_no_suffix_and_that_of_others_keeps_its_colon()
    {
        Assert.Equal("openai/gpt-oss-120b", Plan("huggingface/openai/gpt-oss-120b:novita").Value[0].CatalogueModel);
        Assert.Equal("llama3:8b", Plan("custom/llama3:8b").Value[0].CatalogueModel);
    }

    [Theory]
    [InlineData("no-such-model")]
    [InlineData("llama3:8b")]
    [InlineData("openai/")]
    [InlineData("/gpt-4o-mini")]
    [InlineData("mistral/mistral-large")]
    [InlineData("../gpt-4o-mini")]
    public void A_name_that_leads_nowhere_is_not_found(string name) => AssertRefused(Plan(name), ErrorCodes.ModelNotFound, "model", $"There is no model '{name}'.");

    [Fact]
    public void A_provider_that_the_caller_names_wins_over_the_name_of_the_model()
    {
        Assert.Equal(("groq", "gpt-4o-mini"), First(Plan("gpt-4o-mini", provider: "groq")));
        Assert.Equal(("huggingface", "openai/gpt-oss-120b"), First(Plan("openai/gpt-oss-120b", provider: "huggingface")));
        Assert.Equal(("custom", "llama3"), First(Plan("main/llama3", provider: "custom")));
    }

    [Fact]
    public void A_provider_that_does_not_exist_is_refused_as_such() =>
        AssertRefused(Plan("gpt-4o-mini", provider: "opnai"), ErrorCodes.InvalidRequest, "provider", "There is no provider 'opnai'. Use one of: openai, anthropic, gemini, groq, huggingface, custom.");

    [Fact]
    public void Tokens_come_in_order_own_default_own_other_workspace_default_workspace_other()
    {
        Have(
            Token(1, Other, isShared: true),
            Token(2, Other, isDefault: true, isShared: true),
            Token(3, Calls.UserId),
            Token(4, Other),
            Token(5, Other, isDefault: true),
            Token(6, Calls.UserId, isShared: true),
            Token(7, Calls.UserId, isDefault: true),
            Token(8, Other, isShared: true));

        Assert.Equal([7, 3, 6, 2, 1, 8], Plan("gpt-4o-mini").Value.Select(target => target.Token.Id.ToByteArray()[15]));
    }

    [Fact]
    public void A_token_of_another_workspace_is_never_used()
    {
        Have(Calls.Token("openai", isShared: true) with { WorkspaceId = Other });

        AssertRefused(Plan("gpt-4o-mini"), ErrorCodes.NoProviderToken, null, "There is no OpenAI token");
    }

    [Fact]
    public void A_call_that_names_its_token_uses_that_one_or_none()
    {
        Have(Token(1, Calls.UserId, isDefault: true), Token(2, Calls.UserId), Token(3, Other));

        Assert.Equal(UsageEvents.Id(2), Assert.Single(Plan("gpt-4o-mini", tokenId: UsageEvents.Id(2)).Value).Token.Id);
        AssertRefused(Plan("gpt-4o-mini", tokenId: UsageEvents.Id(3)), ErrorCodes.NoProviderToken, null, "There is no OpenAI token");
        AssertRefused(Plan("claude-haiku-4-5", tokenId: UsageEvents.Id(1)), ErrorCodes.NoProviderToken, null, "There is no Anthropic token");
    }

    [Fact]
    public void A_custom_model_with_a_label_uses_only_the_token_of_that_label()
    {
        Have(Calls.Token("custom", "ollama", UsageEvents.Id(1), isDefault: true), Calls.Token("custom", "vllm", UsageEvents.Id(2)));

        Assert.Equal(UsageEvents.Id(2), Assert.Single(Plan("custom/vllm/qwen").Value).Token.Id);
        Assert.Equal([UsageEvents.Id(1), UsageEvents.Id(2)], Plan("custom/qwen").Value.Select(target => target.Token.Id));
        AssertRefused(Plan("custom/nobody/qwen"), ErrorCodes.NoProviderToken, null, "There is no Custom token");
    }

    [Theory]
    [InlineData("gpt-4o-mini", "gpt-4o-mini", true)]
    [InlineData("GPT-4o-mini", "gpt-4o-mini", true)]
    [InlineData("openai/gpt-4o-mini", "gpt-4o-mini", true)]
    [InlineData("gpt-4o-mini", "openai/gpt-4o-mini", true)]
    [InlineData("gpt-4o", "gpt-4o-mini", false)]
    [InlineData("gpt-4o-mini", "gpt-4o", false)]
    [InlineData("anthropic/claude-haiku-4-5", "claude-sonnet-4-5", false)]
    public void A_key_may_use_the_models_on_its_list_only(string listed, string requested, bool allowed)
    {
        var plan = Plan(requested, key: Calls.Key(models: [listed]));

        Assert.Equal(allowed, plan.Succeeded);
        Assert.Equal(allowed ? null : ErrorCodes.ModelNotAllowed, plan.Failure?.Code);
    }

    [Fact]
    public void A_key_may_use_the_providers_on_its_list_only()
    {
        var key = Calls.Key(providers: ["groq"]);

        Assert.True(Plan("groq/openai/gpt-oss-120b", key: key).Succeeded);
        AssertRefused(Plan("gpt-4o-mini", key: key), ErrorCodes.ModelNotAllowed, "model", "This key may not use the model 'gpt-4o-mini'.");
    }

    [Fact]
    public void Model_and_provider_must_both_be_on_the_lists()
    {
        var key = Calls.Key(models: ["gpt-4o-mini"], providers: ["anthropic"]);

        Assert.Equal(ErrorCodes.ModelNotAllowed, Plan("gpt-4o-mini", key: key).Failure!.Code);
        Assert.Equal(ErrorCodes.ModelNotAllowed, Plan("claude-haiku-4-5", key: key).Failure!.Code);
    }

    [Fact]
    public void What_is_not_allowed_is_said_before_what_has_no_token()
    {
        Have();

        Assert.Equal(ErrorCodes.ModelNotAllowed, Plan("gpt-4o-mini", key: Calls.Key(models: ["gpt-4o"])).Failure!.Code);
        AssertRefused(Plan("gpt-4o-mini"), ErrorCodes.NoProviderToken, null, "There is no OpenAI token that this call may use. Add one in the console under Provider tokens.");
    }

    private static TokenEntry Token(int number, Guid owner, bool isDefault = false, bool isShared = false) =>
        Calls.Token("openai", $"t{number}", UsageEvents.Id(number), owner, isDefault, isShared);

    private static (string, string) First(Outcome<IReadOnlyList<RouteTarget>> plan) => (plan.Value[0].Provider.Name, plan.Value[0].Model);

    private static void AssertRefused(Outcome<IReadOnlyList<RouteTarget>> plan, string code, string? field, string begin)
    {
        Assert.NotNull(plan.Failure);
        Assert.Equal((code, field), (plan.Failure.Code, plan.Failure.Field));
        Assert.StartsWith(begin, plan.Failure.Message, StringComparison.Ordinal);
    }

    private void Have(params TokenEntry[] tokens) => _tokens.Use(tokens);

    private Outcome<IReadOnlyList<RouteTarget>> Plan(string model, KeyEntry? key = null, string? provider = null, Guid? tokenId = null) =>
        _router.Plan(Calls.Create(Calls.Chat(model, stream: false), TimeProvider.System, key, provider, tokenId));
}
