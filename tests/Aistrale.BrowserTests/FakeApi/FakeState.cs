using System.Collections.Concurrent;
using Aistrale.Contracts;
using Microsoft.AspNetCore.Http;

namespace Aistrale.BrowserTests.FakeApi;

/// <summary>What the fake API knows.</summary>
public sealed class FakeState
{
    public const string CookieName = "aistrale-fake";
    public const string SetupCode = "7QX4-M2KD";
    public const string LinkCode = "b7e1f0";

    private readonly ConcurrentDictionary<string, byte> _sessions = new();
    private readonly ConcurrentQueue<SeenRequest> _seen = new();
    private int _sessionNumber;

    public FakeState(bool isSetUp, bool hasData)
    {
        IsSetUp = isSetUp;
        if (hasData)
        {
            SampleData.Fill(this);
        }
    }

    public bool IsSetUp { get; set; }

    public string AdminEmail { get; set; } = "ada@example.org";

    public string AdminPassword { get; set; } = "correct horse battery staple";

    public bool MustChangePassword { get; set; }

    public string AdminName { get; set; } = "Ada Lovelace";

    public List<KeyResponse> Keys { get; } = [];

    public List<TokenResponse> Tokens { get; } = [];

    public List<RequestDetailResponse> Requests { get; } = [];

    /// <summary>Released by a test for each event of a gateway stream that has reached it.</summary>
    public SemaphoreSlim EventSeen { get; } = new(0);

    public IReadOnlyCollection<SeenRequest> Seen => _seen;

    public CurrentUserResponse Admin => new(
        Guid.Parse("01930000-0000-7000-8000-000000000001"), AdminEmail, AdminName, Roles.Admin,
        Guid.Parse("01930000-0000-7000-8000-0000000000ff"), MustChangePassword, TotpEnabled: false);

    public string OpenSession()
    {
        var id = $"session-{Interlocked.Increment(ref _sessionNumber)}";
        _sessions[id] = 0;
        return id;
    }

    public void EndSession(HttpRequest request) => _sessions.TryRemove(request.Cookies[CookieName] ?? "", out _);

    /// <summary>As when an administrator ends all sessions.</summary>
    public void EndAllSessions() => _sessions.Clear();

    public CurrentUserResponse? UserOf(HttpRequest request) =>
        request.Cookies[CookieName] is { } id && _sessions.ContainsKey(id) ? Admin : null;

    internal void Note(HttpRequest request) =>
        _seen.Enqueue(new SeenRequest(
            request.Method, request.Path, request.Headers.Origin.ToString(), request.Headers["X-Forwarded-For"].ToString(), request.Headers.Cookie.ToString()));
}

public sealed record SeenRequest(string Method, string Path, string Origin, string ForwardedFor, string Cookie);
