using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Aistrale.Web.Http;
using Aistrale.Web.Sessions;
using Microsoft.AspNetCore.Components;

namespace Aistrale.Web.Components.Pages.SignIn;

public sealed partial class PasswordPage
{
    internal const string FormName = "password";

    private bool _isForced;
    private string? _notice;
    private string? _currentError;
    private string? _newError;

    [Inject]
    private AuthClient Auth { get; set; } = null!;

    [Inject]
    private CurrentSession Session { get; set; } = null!;

    [Inject]
    private PublicOrigins Origins { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = null!;

    [SupplyParameterFromForm(FormName = FormName)]
    private PasswordForm? Form { get; set; }

    protected override void OnInitialized()
    {
        Session.Credentials = HttpContext.Request.ReadCredentials(Origins);
        _isForced = HttpContext.User.Identity is SessionIdentity { User.MustChangePassword: true };
    }

    private async Task ChangeAsync()
    {
        var (current, chosen) = (Form?.Current, Form?.New);
        _currentError = string.IsNullOrEmpty(current) ? "Enter the password that you signed in with." : null;
        _newError = string.IsNullOrEmpty(chosen) ? "Choose a password." : null;
        if (string.IsNullOrEmpty(current) || string.IsNullOrEmpty(chosen))
        {
            return;
        }

        var result = await Auth.ChangePasswordAsync(current, chosen, HttpContext.RequestAborted);
        if (result.Problem is { } problem)
        {
            Explain(problem);
            return;
        }

        HttpContext.Response.CopyCookies(result.Cookies);
        Navigation.NavigateTo(LocalUrl.Home);
    }

    private void Explain(ApiProblem problem)
    {
        switch (problem.Code)
        {
            case ErrorCodes.InvalidCredentials:
                _currentError = "This is not your present password.";
                break;
            case ErrorCodes.WeakPassword:
                _newError = problem.Detail;
                break;
            default:
                _notice = problem.Detail;
                break;
        }
    }

    internal sealed class PasswordForm
    {
        public string? Current { get; set; }

        public string? New { get; set; }
    }
}
