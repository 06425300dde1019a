using Aistrale.Contracts;
using Aistrale.Core.Inference.Providers;
using Aistrale.Core.Pricing;
using Aistrale.Core.Tokens;
using Aistrale.Core.Users;

namespace Aistrale.Core.Inference;

/// <summary>Which providers and models a user can call, and at what price.</summary>
public sealed class ModelList
{
    private readonly ProviderFactory _providers;
    private readonly TokenDirectory _tokens;
    private readonly PriceCatalogue _catalogue;
    private readonly TimeProvider _clock;

    internal ModelList(ProviderFactory providers, TokenDirectory tokens, PriceCatalogue catalogue, TimeProvider clock)
    {
        _providers = providers;
        _tokens = tokens;
        _catalogue = catalogue;
        _clock = clock;
    }

    public IReadOnlyList<ProviderResponse> Providers(UserEntry user) => [.. Contracts.Providers.All
        .Select(name => (Strategy: _providers.Get(name), Tokens: _tokens.Candidates(user.WorkspaceId, user.Id, name).Count()))
        .Select(entry => new ProviderResponse(entry.Strategy.Name, entry.Strategy.DisplayName, entry.Tokens > 0 ? "ready" : "no_token", entry.Tokens))];

    public IReadOnlyList<ModelResponse> Models(Guid workspaceId, Guid userId)
    {
        var now = _clock.GetUtcNow();
        var ready = Contracts.Providers.All.Where(name => _tokens.Candidates(workspaceId, userId, name).Any()).ToHashSet();
        return [.. _catalogue.Models.SelectMany(model => Entries(model, ready.Contains(model.Provider), now))];
    }

    // Behind Hugging Face's router the price is the serving provider's, so each of them is an entry of its own.
    private static IEnumerable<ModelResponse> Entries(CatalogueModel model, bool available, DateTimeOffset now) => model.ServedBy.Count == 0
        ? [Entry(model, model.Name, servedBy: null, available, now)]
        : model.ServedBy.Select(servedBy => Entry(model, $"{model.Name}:{servedBy}", servedBy, available, now));

    private static ModelResponse Entry(CatalogueModel model, string name, string? servedBy, bool available, DateTimeOffset now)
    {
        var sheet = model.SheetAt(now, servedBy);
        return new ModelResponse(
            $"{model.Provider}/{name}",
            model.Provider,
            name,
            sheet?.ContextTokens ?? model.ContextTokens,
            sheet?.MaxOutputTokens ?? model.MaxOutputTokens,
            sheet?.ListedUsd(PriceUnit.Input),
            sheet?.ListedUsd(PriceUnit.CachedInput),
            sheet?.ListedUsd(PriceUnit.Output),
            available);
    }
}
