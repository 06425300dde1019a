using System.Net.Http.Json;
using System.Text;
using Aistrale.Contracts;
using Aistrale.Tests.Shared;
using Npgsql;
using Xunit;

namespace Aistrale.IntegrationTests.Api;

public sealed class TokensTests(SharedStack shared) : StackTest(shared)
{
    [Fact]
    public async Task A_token_is_used_for_calls_and_its_secret_never_comes_back()
    {
        var secret = $"sandbox-custom-{Guid.CreateVersion7(DateTimeOffset.UtcNow):N}";
        var token = await CreateAsync(new CreateTokenRequest(Providers.Custom, "local models", secret, $"{Stack.SandboxOrigin}custom/v1/"));
        using var call = await ChatAsync(ApiClient.Chat("custom/local models/llama3:8b", "hi"));
        var list = await Admin.Http.GetStringAsync("/api/tokens", Ct);
        var one = await Admin.Http.GetStringAsync($"/api/tokens/{token.Id}", Ct);

        Assert.True(call.IsSuccessStatusCode, await call.Content.ReadAsStringAsync(Ct));
        Assert.Equal("custom", call.Headers.GetValues("x-aistrale-provider").Single());
        Assert.Equal(secret[^4..], token.Hint);
        Assert.Equal($"{Stack.SandboxOrigin}custom/v1", token.BaseUrl);
        Assert.DoesNotContain(secret, list + one, StringComparison.Ordinal);

        using var deleted = await Admin.Http.DeleteAsync($"/api/tokens/{token.Id}", Ct);
        using var again = await Admin.Http.DeleteAsync($"/api/tokens/{token.Id}", Ct);
        using var after = await ChatAsync(ApiClient.Chat("custom/local models/llama3:8b", "hi"));
        Assert.Equal((204, 404, 400), ((int)deleted.StatusCode, (int)again.StatusCode, (int)after.StatusCode));
    }

    [Fact]
    public async Task The_database_holds_no_secret_and_a_cell_moved_to_another_destination_cannot_be_read()
    {
        var secret = $"sandbox-canary-{Guid.CreateVersion7(DateTimeOffset.UtcNow):N}";
        var token = await CreateAsync(new CreateTokenRequest(Providers.Custom, "moved", secret, $"{Stack.SandboxOrigin}custom/v1"));
        await using var database = NpgsqlDataSource.Create(Stack.SuperuserConnection);
        await using (var dump = database.CreateCommand("SELECT string_agg(t::text, '') || string_agg(encode(cell, 'escape'), '') FROM provider_tokens t"))
        {
            Assert.DoesNotContain(secret, (string)(await dump.ExecuteScalarAsync(Ct))!, StringComparison.Ordinal);
        }

        // As somebody would who can write to the database and wants to be sent the key.
        await using (var move = database.CreateCommand($"UPDATE provider_tokens SET base_url = 'http://127.0.0.1:1/v1' WHERE id = '{token.Id}'"))
        {
            Assert.Equal(1, await move.ExecuteNonQueryAsync(Ct));
        }

        var body = "";
        await Eventually.TrueAsync(
            async () =>
            {
                using var call = await ChatAsync(ApiClient.Chat("custom/moved/llama3", "hi"));
                body = await call.Content.ReadAsStringAsync(Ct);
                return (int)call.StatusCode == 400;
            },
            () => $"The gateway never noticed: {body}",
            Ct);
        Assert.Contains(ErrorCodes.NoProviderToken, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_and_tokens_tell_when_they_were_last_used()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var key = await Admin.CreateKeyAsync(new CreateKeyRequest("last use"), Ct);
        var token = await CreateAsync(new CreateTokenRequest(Providers.Custom, "last use", "sandbox-custom", $"{Stack.SandboxOrigin}custom/v1"));
        Assert.Null(key.LastUsedAt);
        Assert.Null(token.LastUsedAt);

        using var call = await ChatAsync(ApiClient.Chat("custom/last use/llama3", "hi"), key.Key);
        await RecordAsync(call.Headers.GetValues("x-request-id").Single());

        Assert.InRange((await Admin.GetAsync<KeyResponse>($"/api/keys/{key.Id}", Ct)).LastUsedAt!.Value, before, DateTimeOffset.UtcNow);
        Assert.InRange((await Admin.GetAsync<TokenResponse>($"/api/tokens/{token.Id}", Ct)).LastUsedAt!.Value, before, DateTimeOffset.UtcNow);
    }

    [Theory]
    [InlineData("""{"provider":"nobody","label":"x","secret":"abc"}""", "provider")]
    [InlineData("""{"provider":"custom","label":"x","secret":"abc"}""", "baseUrl")]
    [InlineData("""{"provider":"custom","label":"x","secret":"abc","baseUrl":"ftp://x"}""", "baseUrl")]
    [InlineData("""{"provider":"custom","label":"x","secret":"abc","baseUrl":"https://user:pw@x/v1"}""", "baseUrl")]
    [InlineData("""{"provider":"openai","label":"x","secret":"a b"}""", "secret")]
    [InlineData("""{"provider":"openai","label":"x","secret":"abc","visibility":"world"}""", "visibility")]
    public async Task A_token_that_cannot_work_is_refused_at_the_field(string body, string field)
    {
        using var response = await Admin.Http.PostAsync("/api/tokens", new StringContent(body, Encoding.UTF8, "application/json"), Ct);
        var problem = await AuthTests.AssertProblemAsync(response, 400, ErrorCodes.ValidationFailed);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Two_tokens_of_one_provider_cannot_have_the_same_label()
    {
        var request = new CreateTokenRequest(Providers.Groq, "twice", "sandbox-groq-1");
        await CreateAsync(request);
        using var second = await Admin.Http.PostAsJsonAsync("/api/tokens", request, Ct);
        await AuthTests.AssertProblemAsync(second, 409, ErrorCodes.Conflict);
    }

    private async Task<TokenResponse> CreateAsync(CreateTokenRequest request)
    {
        using var response = await Admin.Http.PostAsJsonAsync("/api/tokens", request, Ct);
        Assert.Equal(201, (int)response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<TokenResponse>(Ct))!;
    }
}
