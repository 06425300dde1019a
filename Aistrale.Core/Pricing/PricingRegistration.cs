using Microsoft.Extensions.DependencyInjection;

namespace Aistrale.Core.Pricing;

public static class PricingRegistration
{
    /// <summary>Makes the built-in <see cref="PriceCatalogue"/> available; broken price data stops the start, not the first request.</summary>
    public static IServiceCollection AddPricing(this IServiceCollection services) => services.AddSingleton(PriceCatalogue.LoadEmbedded());
}
