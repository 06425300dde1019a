using System.Collections.Frozen;

namespace Aistrale.Core.Inference.Providers;

/// <summary>Gives the strategy of a provider by its name.</summary>
internal sealed class ProviderFactory(IEnumerable<IProviderStrategy> strategies)
{
    private readonly FrozenDictionary<string, IProviderStrategy> _byName =
        strategies.ToFrozenDictionary(strategy => strategy.Name, StringComparer.OrdinalIgnoreCase);

    public IEnumerable<IProviderStrategy> All => _byName.Values;

    public IProviderStrategy? Find(string name) => _byName.GetValueOrDefault(name);

    public IProviderStrategy Get(string name) => Find(name) ?? throw new ArgumentException($"There is no provider '{name}'.", nameof(name));
}
