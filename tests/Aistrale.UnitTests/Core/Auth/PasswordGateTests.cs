using Aistrale.Contracts;
using Aistrale.Core.Auth;
using Aistrale.Core.Users;
using Aistrale.UnitTests.Core.Inference.Settlement;
using Microsoft.AspNetCore.Identity;
using Xunit;

namespace Aistrale.UnitTests.Core.Auth;

public sealed class PasswordGateTests : IDisposable
{
    private readonly SlowHasher _hasher = new();
    private readonly PasswordGate _gate;

    public PasswordGateTests() => _gate = new PasswordGate(_hasher);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _hasher.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public async Task The_right_password_of_an_active_user_passes_and_a_wrong_one_does_not()
    {
        _hasher.LetGo(2);

        Assert.True(await _gate.VerifyAsync(User(), "right", Ct));
        Assert.False(await _gate.VerifyAsync(User(), "wrong", Ct));
    }

    [Fact]
    public async Task Nobody_passes_without_an_account_a_password_or_while_deactivated_and_each_costs_one_hash()
    {
        _hasher.LetGo(4);
        var noPassword = User();
        noPassword.PasswordHash = null;
        var inactive = User();
        inactive.IsActive = false;

        Assert.False(await _gate.VerifyAsync(null, "right", Ct));
        Assert.False(await _gate.VerifyAsync(null, "a password that nobody has", Ct));
        Assert.False(await _gate.VerifyAsync(noPassword, "a password that nobody has", Ct));
        Assert.False(await _gate.VerifyAsync(inactive, "right", Ct));
        Assert.Equal(4, _hasher.Verified);
    }

    [Fact]
    public async Task Two_hashes_run_sixteen_wait_and_the_next_is_sent_away()
    {
        var entered = Enumerable.Range(0, 18).Select(_ => _gate.VerifyAsync(User(), "right", Ct)).ToArray();

        Assert.Null(await _gate.VerifyAsync(User(), "right", Ct));
        await _hasher.StartedAsync(2, Ct);
        _hasher.LetGo(18);

        Assert.All(await Task.WhenAll(entered), verdict => Assert.True(verdict));
        Assert.Equal(2, _hasher.MostRunning);
        _hasher.LetGo(1);
        Assert.True(await _gate.VerifyAsync(User(), "right", Ct));
    }

    [Fact]
    public async Task Those_who_stop_waiting_make_room()
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = Enumerable.Range(0, 2).Select(_ => _gate.VerifyAsync(User(), "right", Ct)).ToArray();
        await _hasher.StartedAsync(2, Ct);
        var waiting = Enumerable.Range(0, 16).Select(_ => _gate.VerifyAsync(User(), "right", gone.Token)).ToArray();
        Assert.Null(await _gate.VerifyAsync(User(), "right", Ct));

        await gone.CancelAsync();
        foreach (var left in waiting)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        }

        var next = _gate.VerifyAsync(User(), "right", Ct);
        _hasher.LetGo(3);

        Assert.True(await next);
        Assert.All(await Task.WhenAll(running), verdict => Assert.True(verdict));
    }

    private static User User() => new()
    {
        Id = Calls.UserId,
        WorkspaceId = Calls.WorkspaceId,
        DisplayName = "Ann",
        Role = Roles.User,
        PasswordHash = "right",
    };

    /// <summary>Takes as long as the test wants; a password's hash is the password.</summary>
    private sealed class SlowHasher : IPasswordHasher<User>, IDisposable
    {
        private readonly SemaphoreSlim _allowed = new(0);
        private readonly SemaphoreSlim _started = new(0);
        private readonly Lock _counting = new();

        private int _running;

        public int MostRunning { get; private set; }

        public int Verified { get; private set; }

        public async Task StartedAsync(int count, CancellationToken ct)
        {
            for (var i = 0; i < count; i++)
            {
                await _started.WaitAsync(ct);
            }
        }

        public void LetGo(int count) => _allowed.Release(count);

        public string HashPassword(User user, string password) => password;

        public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            lock (_counting)
            {
                Verified++;
                MostRunning = Math.Max(MostRunning, ++_running);
            }

            _started.Release();
            _allowed.Wait(TimeSpan.FromSeconds(30));
            lock (_counting)
            {
                _running--;
            }

            return hashedPassword == providedPassword ? PasswordVerificationResult.Success : PasswordVerificationResult.Failed;
        }

        public void Dispose()
        {
            _allowed.Dispose();
            _started.Dispose();
        }
    }
}
