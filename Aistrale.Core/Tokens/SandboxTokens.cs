using Aistrale.Contracts;
using Aistrale.Core.Data;
using Aistrale.Core.Encryption;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;

namespace Aistrale.Core.Tokens;

/// <summary>
/// Where the Sandbox runs (<c>Sandbox:Origin</c>), gives the first workspace a token per provider that points at it, so that the first
/// run needs no account anywhere. A Sandbox that moved to another port gets its tokens sealed anew: a cell is bound to its destination.
/// </summary>
internal sealed class SandboxTokens(TokenVault vault, IConfiguration configuration, TimeProvider clock)
{
    public const string Label = "sandbox";

    // What each provider's SDK takes as its base URL. Any key that begins with "sandbox-" opens the Sandbox: it guards nothing.
    private static readonly (string Provider, string Path)[] Seeds =
    [
        (Providers.OpenAI, "/openai/v1"),
        (Providers.Anthropic, "/anthropic"),
        (Providers.Gemini, "/gemini"),
        (Providers.Groq, "/groq/openai/v1"),
        (Providers.HuggingFace, "/huggingface/v1"),
    ];

    public async Task EnsureAsync(AistraleDbContext db, CancellationToken ct)
    {
        if (configuration["Sandbox:Origin"] is not { Length: > 0 } origin
            || await db.Users.Where(user => user.Role == Roles.Admin).OrderBy(user => user.Id).FirstOrDefaultAsync(ct) is not { } admin)
        {
            return;
        }

        var existing = await db.ProviderTokens.Where(token => token.OwnerId == admin.Id && token.Label == Label).ToDictionaryAsync(token => token.Provider, ct);
        var seeded = await db.ProviderTokens.AnyAsync(ct);
        var now = clock.GetUtcNow();
        foreach (var (provider, path) in Seeds)
        {
            var baseUrl = origin.TrimEnd('/') + path;
            if (existing.TryGetValue(provider, out var token))
            {
                if (token.BaseUrl != baseUrl)
                {
                    token.BaseUrl = baseUrl;
                    token.UpdatedAt = now;
                    vault.Seal(token, SandboxSecret(provider));
                }
            }
            else if (!seeded)
            {
                // Only on an empty table: a sandbox token that somebody deleted stays deleted.
                db.Add(Create(admin.Id, admin.WorkspaceId, provider, baseUrl, now));
            }
        }

        await db.SaveChangesAsync(ct);
    }

    private ProviderToken Create(Guid ownerId, Guid workspaceId, string provider, string baseUrl, DateTimeOffset now)
    {
        var secret = SandboxSecret(provider);
        var token = new ProviderToken
        {
            Id = Guid.CreateVersion7(now),
            WorkspaceId = workspaceId,
            OwnerId = ownerId,
            Provider = provider,
            Label = Label,
            Hint = secret.Reveal()[^4..],
            BaseUrl = baseUrl,
            Visibility = TokenVisibilities.Workspace,
            Cell = [],
            DataKeyId = Guid.Empty,
            CreatedAt = now,
            UpdatedAt = now,
        };
        vault.Seal(token, secret);
        return token;
    }

    private static Secret SandboxSecret(string provider) => new($"sandbox-{provider}");
}
