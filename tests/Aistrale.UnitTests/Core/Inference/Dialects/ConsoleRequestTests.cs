using Aistrale.Contracts;
using Aistrale.Core;
using Aistrale.Core.Inference.Dialects.Console;
using Microsoft.Extensions.AI;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Dialects;

public sealed class ConsoleRequestTests
{
    [Fact]
    public void System_prompt_messages_and_input_become_one_conversation_in_that_order()
    {
        var request = Read(new InferenceRunRequest(
            " gpt-4o-mini ",
            System: "Be brief.",
            Messages: [new("system", "Really."), new("user", "Hi"), new("assistant", "Yes?")],
            Input: "Why?"));

        Assert.Equal("gpt-4o-mini", request.Model);
        Assert.True(request.Stream);
        Assert.True(request.WantsStreamUsage);
        Assert.Equal(
            [(ChatRole.System, "Be brief."), (ChatRole.System, "Really."), (ChatRole.User, "Hi"), (ChatRole.Assistant, "Yes?"), (ChatRole.User, "Why?")],
            request.Translate().Value.Messages.Select(message => (message.Role, message.Text)));
    }

    [Fact]
    public void Every_parameter_arrives_in_the_options()
    {
        var request = Read(With(new InferenceParameters(0.5, 0.25, 77, ["a", "b"], 42, "medium")));
        var options = request.Translate().Value.Options;

        Assert.Equal(77, request.MaxOutputTokens);
        Assert.Equal((0.5f, 0.25f, 77, 42L), (options.Temperature, options.TopP, options.MaxOutputTokens, options.Seed));
        Assert.Equal(["a", "b"], options.StopSequences!);
        Assert.Equal(ReasoningEffort.Medium, options.Reasoning!.Effort);
    }

    [Fact]
    public void Without_parameters_nothing_is_set()
    {
        var options = Read(With(null)).Translate().Value.Options;

        Assert.Null(options.Temperature);
        Assert.Null(options.TopP);
        Assert.Null(options.MaxOutputTokens);
        Assert.Null(options.StopSequences);
        Assert.Null(options.Seed);
        Assert.Null(options.Reasoning);
    }

    [Fact]
    public void An_empty_list_of_stop_sequences_asks_for_nothing() => Assert.Null(Read(With(new(Stop: []))).Translate().Value.Options.StopSequences);

    [Fact]
    public void A_conversation_without_a_word_from_the_user_is_refused()
    {
        Assert.Equal("messages", Refuse(new InferenceRunRequest("m")).Field);
        Assert.Equal("messages", Refuse(new InferenceRunRequest("m", System: "Be brief.")).Field);
        Assert.Equal("messages", Refuse(new InferenceRunRequest("m", Input: "")).Field);
        Assert.Equal("messages", Refuse(new InferenceRunRequest("m", Input: " \n")).Field);
        Assert.Equal("messages", Refuse(new InferenceRunRequest("m", Messages: [])).Field);
        Assert.Equal("messages", Refuse(new InferenceRunRequest("m", Messages: [new("assistant", "Hi")])).Field);
        Assert.Equal("messages", Refuse(new InferenceRunRequest("m", Messages: [new("user", " ")])).Field);
    }

    [Theory]
    [InlineData("tool")]
    [InlineData("User")]
    [InlineData("")]
    [InlineData(null)]
    public void A_message_of_another_role_is_refused(string? role) =>
        Assert.Equal(("messages", ErrorCodes.ValidationFailed), Place(Refuse(new InferenceRunRequest("m", Messages: [new("user", "Hi"), new(role!, "x")]))));

    // JSON can say null where C# says that there is none.
    [Fact]
    public void A_null_in_a_list_is_refused()
    {
        Assert.Equal(("messages", ErrorCodes.ValidationFailed), Place(Refuse(new InferenceRunRequest("m", Messages: [new("user", "Hi"), null!]))));
        Assert.Equal(("messages", ErrorCodes.ValidationFailed), Place(Refuse(new InferenceRunRequest("m", Messages: [new("user", null!)]))));
        Assert.Equal(("parameters.stop", ErrorCodes.ValidationFailed), Place(Refuse(With(new(Stop: ["a", null!])))));
        Assert.Equal(("parameters.stop", ErrorCodes.ValidationFailed), Place(Refuse(With(new(Stop: [""])))));
    }

    [Theory]
    [InlineData("gpt\0")]
    [InlineData("gpt\n4o")]
    [InlineData("gpt\u007f")]
    public void A_model_name_with_control_characters_is_refused(string model) =>
        Assert.Equal(("model", ErrorCodes.ValidationFailed), Place(Refuse(new InferenceRunRequest(model, Input: "Hi"))));

    [Theory]
    [InlineData(-0.1, null, null, null, "parameters")]
    [InlineData(2.1, null, null, null, "parameters")]
    [InlineData(null, -0.1, null, null, "parameters")]
    [InlineData(null, 1.1, null, null, "parameters")]
    [InlineData(null, null, 0, null, "parameters.maxTokens")]
    [InlineData(null, null, -5, null, "parameters.maxTokens")]
    [InlineData(null, null, null, "", "parameters.reasoningEffort")]
    [InlineData(null, null, null, "extreme", "parameters.reasoningEffort")]
    public void A_parameter_that_cannot_be_is_refused(double? temperature, double? topP, int? maxTokens, string? effort, string field) =>
        Assert.Equal((field, ErrorCodes.ValidationFailed), Place(Refuse(With(new(temperature, topP, maxTokens, ReasoningEffort: effort)))));

    [Fact]
    public void What_is_not_available_yet_is_refused_by_name()
    {
        var json = System.Text.Json.JsonElement.Parse("{}");
        (InferenceRunRequest Request, string Field)[] cases =
        [
            (new("m", ConversationId: Guid.Empty, Input: "Hi"), "conversationId"),
            (new("m", PromptId: Guid.Empty, Input: "Hi"), "promptId"),
            (new("m", PromptVersion: 1, Input: "Hi"), "promptVersion"),
            (new("m", Variables: new Dictionary<string, string> { ["a"] = "b" }, Input: "Hi"), "variables"),
            (new("m", Fallbacks: ["n"], Input: "Hi"), "fallbacks"),
            (With(new(Tools: json)), "parameters.tools"),
            (With(new(ResponseFormat: json)), "parameters.responseFormat"),
        ];

        Assert.All(cases, entry => Assert.Equal((entry.Field, ErrorCodes.UnsupportedParameter), Place(Refuse(entry.Request))));
    }

    [Fact]
    public void Input_is_estimated_at_four_characters_a_token_and_four_tokens_a_message()
    {
        var request = Read(new InferenceRunRequest("m", System: "1234", Input: "12345"));

        Assert.Equal((1 + 4) + (2 + 4), request.EstimatedInputTokens);
    }

    private static InferenceRunRequest With(InferenceParameters? parameters) => new("m", Input: "Hi", Parameters: parameters);

    private static ConsoleRequest Read(InferenceRunRequest request) => ConsoleRequest.Read(request, stream: true).Value;

    private static Failure Refuse(InferenceRunRequest request) => ConsoleRequest.Read(request, stream: false).Failure!;

    private static (string?, string) Place(Failure failure) => (failure.Field, failure.Code);
}
