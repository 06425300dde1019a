using Aistrale.Contracts;
using Aistrale.Core.Inference.Providers;
using Aistrale.Core.Pricing;
using Aistrale.Core.Tokens;

namespace Aistrale.Core.Inference.Routing;

/// <summary>Finds the targets of a call, in order: by a provider's name in front of the model, else by the catalogue.</summary>
internal sealed class Router(ProviderFactory providers, TokenDirectory tokens, PriceCatalogue catalogue)
{
    public Outcome<IReadOnlyList<RouteTarget>> Plan(InferenceCall call)
    {
        var name = call.Request.Model;
        if (call.Provider is { } wanted && providers.Find(wanted) is null)
        {
            return new Failure(ErrorCodes.InvalidRequest, $"There is no provider '{wanted}'. Use one of: {string.Join(", ", Contracts.Providers.All)}.", "provider");
        }

        var candidates = Candidates(call, name);
        if (candidates.Count == 0)
        {
            return new Failure(ErrorCodes.ModelNotFound, $"There is no model '{name}'. List the models with GET /v1/models, or put the provider's name in front, such as openai/{name}.", "model");
        }

        var allowed = candidates.FindAll(candidate => Allows(call.Caller, name, candidate));
        if (allowed.Count == 0)
        {
            return new Failure(ErrorCodes.ModelNotAllowed, $"This key may not use the model '{name}'. Ask the key's owner to allow it.", "model");
        }

        List<RouteTarget> targets = [.. allowed.SelectMany(candidate => Targets(call, candidate))];
        return targets.Count > 0
            ? targets
            : new Failure(ErrorCodes.NoProviderToken, $"There is no {allowed[0].Provider.DisplayName} token that this call may use. Add one in the console under Provider tokens.");
    }

    private List<Candidate> Candidates(InferenceCall call, string name)
    {
        if (call.Provider is { } wanted)
        {
            return [Candidate.Of(providers.Get(wanted), name)];
        }

        var slash = name.IndexOf('/');
        if (slash > 0 && slash < name.Length - 1 && providers.Find(name[..slash]) is { } named)
        {
            return [Candidate.Of(named, name[(slash + 1)..])];
        }

        return [.. catalogue.FindProviders(name).Select(provider => Candidate.Of(providers.Get(provider), name))];
    }

    private IEnumerable<RouteTarget> Targets(InferenceCall call, Candidate candidate) => tokens
        .Candidates(call.Caller.WorkspaceId, call.Caller.UserId, candidate.Provider.Name)
        .Where(token => call.TokenId is null || token.Id == call.TokenId)
        .Where(token => candidate.TokenLabel is null || token.Label.Equals(candidate.TokenLabel, StringComparison.OrdinalIgnoreCase))
        .Select(token => new RouteTarget(candidate.Provider, candidate.Model, token));

    private static bool Allows(Caller caller, string requested, Candidate candidate) => caller.Key is not { } key
        || ((key.Providers is null || key.Providers.Contains(candidate.Provider.Name))
            && (key.Models is null || key.Models.Contains(requested) || key.Models.Contains(candidate.Model) || key.Models.Contains($"{candidate.Provider.Name}/{candidate.Model}")));

    /// <param name="TokenLabel">For <c>custom/label/model</c>: only the token of that label.</param>
    private sealed record Candidate(IProviderStrategy Provider, string Model, string? TokenLabel)
    {
        // custom/<token label>/<model>
        public static Candidate Of(IProviderStrategy provider, string rest) =>
            provider.Name == Contracts.Providers.Custom && rest.IndexOf('/') is > 0 and var slash && slash < rest.Length - 1
                ? new Candidate(provider, rest[(slash + 1)..], rest[..slash])
                : new Candidate(provider, rest, null);
    }
}
