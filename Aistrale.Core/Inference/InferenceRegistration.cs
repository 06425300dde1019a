using Aistrale.Core.Inference.Lanes;
using Aistrale.Core.Inference.Providers;
using Aistrale.Core.Inference.Routing;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Inference.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Aistrale.Core.Inference;

public static class InferenceRegistration
{
    /// <summary>The provider strategies by name; enough for services that only need to know which providers there are.</summary>
    public static IServiceCollection AddProviders(this IServiceCollection services) => services
        .AddSingleton<IProviderStrategy, OpenAIProvider>()
        .AddSingleton<IProviderStrategy, AnthropicProvider>()
        .AddSingleton<IProviderStrategy, GeminiProvider>()
        .AddSingleton<IProviderStrategy, GroqProvider>()
        .AddSingleton<IProviderStrategy, HuggingFaceProvider>()
        .AddSingleton<IProviderStrategy, CustomProvider>()
        .AddSingleton<ProviderFactory>();

    /// <summary>The engine: routing, both lanes, and settlement with its spool. ApiService only.</summary>
    public static IServiceCollection AddInference(this IServiceCollection services)
    {
        services.AddProviders();
        services.AddOptions<SpoolOptions>().BindConfiguration("Spool")
            .Validate(options => !string.IsNullOrWhiteSpace(options.Path), "Set Spool__Path to a folder for usage records.")
            .ValidateOnStart();
        services.AddSingleton<Router>()
            .AddSingleton<ProviderHttp>()
            .AddSingleton<NativeLane>()
            .AddSingleton<TranslatedLane>()
            .AddSingleton<InferenceMetrics>()
            .AddSingleton<UsageSpool>()
            .AddSingleton<UsageWriter>()
            .AddSingleton<SettlementService>()
            .AddHostedService<UsageDrainer>();
        services.AddSingleton(provider => new ModelList(
            provider.GetRequiredService<ProviderFactory>(),
            provider.GetRequiredService<Tokens.TokenDirectory>(),
            provider.GetRequiredService<Pricing.PriceCatalogue>(),
            provider.GetRequiredService<TimeProvider>()));
        return services.AddSingleton(provider => new InferenceService(
            provider.GetRequiredService<Router>(),
            provider.GetRequiredService<NativeLane>(),
            provider.GetRequiredService<TranslatedLane>(),
            provider.GetRequiredService<SettlementService>(),
            provider.GetRequiredService<TimeProvider>()));
    }
}
