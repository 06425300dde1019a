using Aistrale.Core.Users;
using Microsoft.AspNetCore.Identity;

namespace Aistrale.Core.Auth;

/// <summary>
/// Lets two password hashes run at a time and sixteen wait: memory stays bounded and a core stays free for the gateway
/// however many people try to sign in.
/// </summary>
internal sealed class PasswordGate(IPasswordHasher<User> hasher) : IDisposable
{
    private const int AtOnce = 2;
    private const int Waiting = 16;
    private readonly SemaphoreSlim _running = new(AtOnce, AtOnce);
    private readonly string _dummyHash = hasher.HashPassword(null!, "a password that nobody has");
    private int _entered;

    /// <summary>Null = too many are waiting. An unknown user costs the same time as a known one.</summary>
    public async Task<bool?> VerifyAsync(User? user, string password, CancellationToken ct)
    {
        if (Interlocked.Increment(ref _entered) > AtOnce + Waiting)
        {
            Interlocked.Decrement(ref _entered);
            return null;
        }

        try
        {
            await _running.WaitAsync(ct);
            try
            {
                var matches = await Task.Run(() => hasher.VerifyHashedPassword(user!, user?.PasswordHash ?? _dummyHash, password) != PasswordVerificationResult.Failed, ct);
                return matches && user is { IsActive: true, PasswordHash: not null };
            }
            finally
            {
                _running.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _entered);
        }
    }

    public void Dispose() => _running.Dispose();
}
