using System.Collections.Frozen;
using Aistrale.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Aistrale.Core.Tokens;

/// <summary>A provider credential as the data plane sees it: still encrypted.</summary>
internal sealed record TokenEntry(
    Guid Id,
    Guid WorkspaceId,
    Guid OwnerId,
    string Provider,
    string Label,
    string BaseUrl,
    bool IsDefault,
    bool IsShared,
    byte[] Cell,
    int CellVersion,
    Guid DataKeyId);

/// <summary>All provider credentials, in memory, in the order in which a call tries them.</summary>
internal sealed class TokenDirectory(IDbContextFactory<AistraleDbContext> contexts) : ISnapshotSource
{
    private volatile FrozenDictionary<(Guid Workspace, string Provider), TokenEntry[]> _tokens =
        FrozenDictionary<(Guid, string), TokenEntry[]>.Empty;

    public string Topic => Topics.ProviderTokens;

    /// <summary>Tokens that <paramref name="userId"/> may use: own default, own other, workspace default, workspace other.</summary>
    public IEnumerable<TokenEntry> Candidates(Guid workspaceId, Guid userId, string provider)
    {
        if (!_tokens.TryGetValue((workspaceId, provider), out var tokens))
        {
            return [];
        }

        return tokens
            .Where(token => token.OwnerId == userId || token.IsShared)
            .OrderBy(token => (token.OwnerId == userId ? 0 : 2) + (token.IsDefault ? 0 : 1));
    }

    public async Task LoadAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var tokens = await db.ProviderTokens.AsNoTracking()
            .OrderBy(t => t.Id)
            .Select(t => new TokenEntry(t.Id, t.WorkspaceId, t.OwnerId, t.Provider, t.Label, t.BaseUrl, t.IsDefault, t.Visibility == Contracts.TokenVisibilities.Workspace, t.Cell, t.CellVersion, t.DataKeyId))
            .ToListAsync(ct);
        Use(tokens);
    }

    /// <summary>Swaps in what is to be known from now on.</summary>
    internal void Use(IEnumerable<TokenEntry> tokens) =>
        _tokens = tokens.GroupBy(token => (token.WorkspaceId, token.Provider)).ToFrozenDictionary(group => group.Key, group => group.ToArray());
}
