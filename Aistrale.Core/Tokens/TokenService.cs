using Aistrale.Contracts;
using Aistrale.Core.Data;
using Aistrale.Core.Encryption;
using Aistrale.Core.Inference.Providers;
using Aistrale.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace Aistrale.Core.Tokens;

/// <summary>Provider credentials: stored encrypted, listed without their secret, deleted for good.</summary>
public sealed class TokenService
{
    private readonly AistraleDbContext _db;
    private readonly TokenVault _vault;
    private readonly ProviderFactory _providers;
    private readonly TimeProvider _clock;

    internal TokenService(AistraleDbContext db, TokenVault vault, ProviderFactory providers, TimeProvider clock)
    {
        _db = db;
        _vault = vault;
        _providers = providers;
        _clock = clock;
    }

    public async Task<Outcome<TokenResponse>> CreateAsync(UserEntry owner, CreateTokenRequest request, CancellationToken ct)
    {
        if (_providers.Find(request.Provider) is not { } provider)
        {
            return new Failure(ErrorCodes.ValidationFailed, $"There is no provider '{request.Provider}'. Use one of: {string.Join(", ", Providers.All)}.", "provider");
        }

        if (request.Visibility is not (TokenVisibilities.Private or TokenVisibilities.Workspace))
        {
            return new Failure(ErrorCodes.ValidationFailed, "Visibility is either 'private' or 'workspace'.", "visibility");
        }

        if (request.Visibility == TokenVisibilities.Workspace && owner.Role != Roles.Admin)
        {
            return new Failure(ErrorCodes.Forbidden, "Only an admin can share a token with the workspace. Store it as private instead.");
        }

        var baseUrl = BaseUrl(provider, request.BaseUrl);
        if (baseUrl.Failure is { } invalid)
        {
            return invalid;
        }

        // A pasted key often brings a line end along; inside a header it would be refused later and far away.
        var text = request.Secret.Trim();
        if (text.Length == 0 || text.Any(character => character is < '!' or > '~'))
        {
            return new Failure(ErrorCodes.ValidationFailed, "The secret may hold printable ASCII characters only, without spaces.", "secret");
        }

        var token = NewToken(owner, provider.Name, request, baseUrl.Value, text);
        return await SaveAsync(token, ct);
    }

    public async Task<Page<TokenResponse>> ListAsync(UserEntry user, CancellationToken ct)
    {
        var tokens = await Visible(user).AsNoTracking().OrderBy(token => token.Provider).ThenBy(token => token.Id).ToListAsync(ct);
        return new Page<TokenResponse>(tokens.ConvertAll(ToResponse), null);
    }

    public async Task<TokenResponse?> FindAsync(UserEntry user, Guid id, CancellationToken ct) =>
        await Visible(user).AsNoTracking().SingleOrDefaultAsync(token => token.Id == id, ct) is { } token ? ToResponse(token) : null;

    /// <summary>True when there was such a token and this user may delete it; both "no"s look the same.</summary>
    public async Task<bool> DeleteAsync(UserEntry user, Guid id, CancellationToken ct)
    {
        var isAdmin = user.Role == Roles.Admin;
        while (await _db.ProviderTokens.SingleOrDefaultAsync(
            t => t.Id == id && t.WorkspaceId == user.WorkspaceId && (t.OwnerId == user.Id || (isAdmin && t.Visibility == TokenVisibilities.Workspace)), ct) is { } token)
        {
            _db.Remove(token);
            try
            {
                await _db.SaveChangesAsync(ct);
                return true;
            }
            catch (DbUpdateConcurrencyException)
            {
                // A busy token's last use is written in the background; that must not keep the token.
                _db.ChangeTracker.Clear();
            }
        }

        return false;
    }

    private IQueryable<ProviderToken> Visible(UserEntry user) => _db.ProviderTokens.Where(
        token => token.WorkspaceId == user.WorkspaceId && (token.OwnerId == user.Id || token.Visibility == TokenVisibilities.Workspace));

    private async Task<Outcome<TokenResponse>> SaveAsync(ProviderToken token, CancellationToken ct)
    {
        try
        {
            await _db.InTransactionAsync(async () =>
            {
                if (token.IsDefault)
                {
                    await _db.ProviderTokens
                        .Where(t => t.OwnerId == token.OwnerId && t.Provider == token.Provider && t.IsDefault)
                        .ExecuteUpdateAsync(set => set.SetProperty(t => t.IsDefault, false), ct);
                }

                _db.Add(token);
                return await _db.SaveChangesAsync(ct);
            }, ct);
        }
        catch (DbUpdateException exception) when (DatabaseErrors.IsUniqueViolation(exception, ProviderTokenConfiguration.LabelIndex))
        {
            return new Failure(ErrorCodes.Conflict, $"You already have a {token.Provider} token labelled '{token.Label}'. Choose another label.", "label");
        }
        catch (DbUpdateException exception) when (DatabaseErrors.IsUniqueViolation(exception, ProviderTokenConfiguration.DefaultIndex))
        {
            return new Failure(ErrorCodes.Conflict, "Another token became the default at the same moment. Try again.", "isDefault");
        }

        return ToResponse(token);
    }

    private ProviderToken NewToken(UserEntry owner, string provider, CreateTokenRequest request, string baseUrl, string secret)
    {
        var now = _clock.GetUtcNow();
        var token = new ProviderToken
        {
            Id = Guid.CreateVersion7(now),
            WorkspaceId = owner.WorkspaceId,
            OwnerId = owner.Id,
            Provider = provider,
            Label = request.Label.Trim(),
            Hint = secret.Length >= 12 ? secret[^4..] : "",
            BaseUrl = baseUrl,
            IsDefault = request.IsDefault,
            Visibility = request.Visibility,
            Cell = [],
            DataKeyId = Guid.Empty,
            CreatedAt = now,
            UpdatedAt = now,
        };
        _vault.Seal(token, new Secret(secret));
        return token;
    }

    private static Outcome<string> BaseUrl(IProviderStrategy provider, string? given)
    {
        if (string.IsNullOrWhiteSpace(given))
        {
            return provider.DefaultBaseUrl is { } standard
                ? standard
                : new Failure(ErrorCodes.ValidationFailed, "A custom provider needs its base URL, such as http://localhost:11434/v1.", "baseUrl");
        }

        if (!Uri.TryCreate(given.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return new Failure(ErrorCodes.ValidationFailed, "The base URL must be an http or https address without user, query or fragment, such as https://models.example.com/v1.", "baseUrl");
        }

        return uri.AbsoluteUri.TrimEnd('/');
    }

    private static TokenResponse ToResponse(ProviderToken token) => new(
        token.Id, token.Provider, token.Label, token.Hint, token.BaseUrl, token.IsDefault, token.Visibility, token.CreatedAt, token.LastUsedAt, "active");
}
