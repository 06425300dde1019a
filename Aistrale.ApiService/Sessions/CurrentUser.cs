using System.Reflection;
using Aistrale.Core.Inference;
using Aistrale.Core.Keys;
using Aistrale.Core.Users;

namespace Aistrale.ApiService.Sessions;

/// <summary>Who makes this request, with the rights of this moment: a signed-in person, or a program with that person's key.</summary>
/// <param name="Key">Null for a session.</param>
internal sealed record CurrentUser(UserEntry Entry, KeyEntry? Key)
{
    public Caller ToCaller() => new(Entry.WorkspaceId, Entry.Id, Key);

    /// <summary>Lets endpoints take it as a parameter. Authorization ran before, so it is there.</summary>
    public static ValueTask<CurrentUser?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult(context.Features.Get<CurrentUser>());
}
