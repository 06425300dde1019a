namespace Aistrale.Web.Sessions;

/// <summary>The credentials of this scope: of one HTTP request, or of one circuit for as long as it lives.</summary>
internal sealed class CurrentSession
{
    public SessionCredentials? Credentials { get; set; }

    /// <summary>Raised when the API answered 401 to a call of this scope.</summary>
    public event Action? Ended;

    public void ReportEnded() => Ended?.Invoke();
}
