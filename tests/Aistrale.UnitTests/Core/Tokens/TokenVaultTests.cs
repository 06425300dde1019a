using Aistrale.Contracts;
using Aistrale.Core.Encryption;
using Aistrale.Core.Tokens;
using Aistrale.UnitTests.Core.Encryption;
using Aistrale.UnitTests.Core.Inference.Settlement;
using CsCheck;
using Xunit;

namespace Aistrale.UnitTests.Core.Tokens;

public sealed class TokenVaultTests
{
    private const string BaseUrl = "https://models.example.com/v1";
    private readonly KeyRing _ring = KeyRings.WithKeys();
    private readonly TokenVault _vault;

    public TokenVaultTests() => _vault = new TokenVault(_ring);

    [Fact]
    public void A_secret_comes_back_from_its_own_row() => Gen.String[Gen.Char['!', '~'], 1, 200].Sample(secret =>
        Assert.Equal(secret, _vault.Open(Entry(Sealed(secret)))!.Reveal()));

    [Fact]
    public void A_cell_names_its_format_and_its_data_key_and_holds_no_plain_text()
    {
        var token = Sealed("sk-canary");

        Assert.Equal(1, token.Cell[0]);
        Assert.Equal(1 + 12 + "sk-canary".Length + 16, token.Cell.Length);
        Assert.Equal(_ring.Active(DataKeyPurposes.ProviderToken).Id, token.DataKeyId);
        Assert.Equal(-1, token.Cell.AsSpan().IndexOf("sk-canary"u8));
    }

    [Fact]
    public void Sealing_again_makes_a_new_version_and_the_old_cell_put_back_is_refused()
    {
        var token = Sealed("sk-old");
        var oldCell = token.Cell;
        _vault.Seal(token, new Secret("sk-new"));

        Assert.Equal(2, token.CellVersion);
        Assert.Equal("sk-new", _vault.Open(Entry(token))!.Reveal());
        Assert.Null(_vault.Open(Entry(token) with { Cell = oldCell }));
    }

    [Fact]
    public void A_cell_taken_to_another_row_owner_provider_or_version_does_not_open()
    {
        var entry = Entry(Sealed("sk-canary"));

        Assert.Null(_vault.Open(entry with { Id = UsageEvents.Id(9) }));
        Assert.Null(_vault.Open(entry with { OwnerId = UsageEvents.Id(9) }));
        Assert.Null(_vault.Open(entry with { Provider = Providers.Groq }));
        Assert.Null(_vault.Open(entry with { CellVersion = entry.CellVersion + 1 }));
        Assert.Null(_vault.Open(entry with { DataKeyId = UsageEvents.Id(9) }));
        Assert.Null(_vault.Open(entry with { DataKeyId = _ring.Active(DataKeyPurposes.KeyPepper).Id }));
    }

    [Theory]
    [InlineData("https://models.example.com", true)]
    [InlineData("https://models.example.com/v2/other?x=1", true)]
    [InlineData("https://models.example.com:443/v1", true)]
    [InlineData("HTTPS://MODELS.example.COM/v1", true)]
    [InlineData("http://models.example.com/v1", false)]
    [InlineData("http://models.example.com:443/v1", false)]
    [InlineData("https://models.example.com:8443/v1", false)]
    [InlineData("https://models.example.com.evil.test/v1", false)]
    [InlineData("https://example.com/v1", false)]
    [InlineData("https://models.example.com@evil.test/v1", false)]
    public void A_secret_can_go_only_to_the_origin_that_it_was_stored_for(string baseUrl, bool opens)
    {
        var secret = _vault.Open(Entry(Sealed("sk-canary")) with { BaseUrl = baseUrl });

        Assert.Equal(opens ? "sk-canary" : null, secret?.Reveal());
    }

    [Fact]
    public void An_international_name_and_its_ASCII_form_are_one_origin()
    {
        var token = Sealed("sk-canary", "https://münchen.example/v1");

        Assert.NotNull(_vault.Open(Entry(token) with { BaseUrl = "https://xn--mnchen-3ya.example/v1" }));
    }

    [Fact]
    public void A_cell_of_another_format_or_length_or_with_any_byte_changed_does_not_open()
    {
        var entry = Entry(Sealed("sk-canary"));

        Assert.Null(_vault.Open(entry with { Cell = [] }));
        Assert.Null(_vault.Open(entry with { Cell = [1] }));
        Assert.Null(_vault.Open(entry with { Cell = "plain text that somebody put there"u8.ToArray() }));
        for (var i = 0; i < entry.Cell.Length; i++)
        {
            var damaged = (byte[])entry.Cell.Clone();
            damaged[i] ^= 1;
            Assert.Null(_vault.Open(entry with { Cell = damaged }));
            Assert.Null(_vault.Open(entry with { Cell = entry.Cell[..i] }));
        }
    }

    [Fact]
    public void A_cell_opens_after_the_active_key_changed_as_long_as_its_own_is_there()
    {
        var wrapper = KeyRings.Wrapper();
        var old = KeyRings.Row(wrapper, DataKeyPurposes.ProviderToken, 1, DataKeyStates.Active);
        var ring = KeyRings.Empty(wrapper);
        ring.Use([old]);
        var vault = new TokenVault(ring);
        var token = Token(BaseUrl);
        vault.Seal(token, new Secret("sk-canary"));

        old.State = DataKeyStates.DecryptOnly;
        var current = KeyRings.Row(wrapper, DataKeyPurposes.ProviderToken, 2, DataKeyStates.Active);
        ring.Use([old, current]);
        Assert.Equal("sk-canary", vault.Open(Entry(token))!.Reveal());

        ring.Use([current]);
        Assert.Null(vault.Open(Entry(token)));
    }

    private static TokenEntry Entry(ProviderToken token) => new(
        token.Id, token.WorkspaceId, token.OwnerId, token.Provider, token.Label, token.BaseUrl, token.IsDefault, IsShared: false, token.Cell, token.CellVersion, token.DataKeyId);

    private static ProviderToken Token(string baseUrl) => new()
    {
        Id = Calls.TokenId,
        WorkspaceId = Calls.WorkspaceId,
        OwnerId = Calls.UserId,
        Provider = Providers.OpenAI,
        Label = "main",
        Hint = "",
        BaseUrl = baseUrl,
        Visibility = TokenVisibilities.Private,
        Cell = [],
        DataKeyId = Guid.Empty,
    };

    private ProviderToken Sealed(string secret, string baseUrl = BaseUrl)
    {
        var token = Token(baseUrl);
        _vault.Seal(token, new Secret(secret));
        return token;
    }
}
