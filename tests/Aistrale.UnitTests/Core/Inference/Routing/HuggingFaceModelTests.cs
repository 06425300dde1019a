using Aistrale.Core.Inference.Routing;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Routing;

public sealed class HuggingFaceModelTests
{
    [Theory]
    [InlineData("openai/gpt-oss-120b", "openai/gpt-oss-120b", null)]
    [InlineData("openai/gpt-oss-120b:novita", "openai/gpt-oss-120b", "novita")]
    [InlineData("openai/gpt-oss-120b:fireworks-ai", "openai/gpt-oss-120b", "fireworks-ai")]
    [InlineData("openai/gpt-oss-120b:fastest", "openai/gpt-oss-120b", null)]
    [InlineData("openai/gpt-oss-120b:cheapest", "openai/gpt-oss-120b", null)]
    [InlineData("openai/gpt-oss-120b:preferred", "openai/gpt-oss-120b", null)]
    [InlineData("openai/gpt-oss-120b:", "openai/gpt-oss-120b", null)]
    [InlineData("org/a:b:novita", "org/a:b", "novita")]
    [InlineData(":", "", null)]
    [InlineData("", "", null)]
    public void The_suffix_names_who_serves_unless_it_asks_the_router_to_choose(string model, string name, string? servedBy) =>
        Assert.Equal(new HuggingFaceModel(name, servedBy), HuggingFaceModel.Parse(model));
}
