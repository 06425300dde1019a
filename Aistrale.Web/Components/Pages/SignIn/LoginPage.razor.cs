using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Aistrale.Web.Http;
using Aistrale.Web.Sessions;
using Microsoft.AspNetCore.Components;

namespace Aistrale.Web.Components.Pages.SignIn;

public sealed partial class LoginPage
{
    internal const string FormName = "sign-in";

    private string? _notice;
    private string? _emailError;
    private string? _passwordError;
    private string? _totpError;
    private bool _asksForTotp;

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

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    /// <summary>The user comes from a one-time link.</summary>
    [SupplyParameterFromQuery]
    private bool PasswordSet { get; set; }

    [SupplyParameterFromForm(FormName = FormName)]
    private LoginForm? Form { get; set; }

    protected override async Task OnInitializedAsync()
    {
        Session.Credentials = HttpContext.Request.ReadCredentials(Origins);
        if (HttpContext.User.Identity?.IsAuthenticated == true)
        {
            Navigation.NavigateTo(LocalUrl.Safe(ReturnUrl));
            return;
        }

        if (Form is not null)
        {
            return;
        }

        var setup = await Auth.GetSetupStateAsync(HttpContext.RequestAborted);
        if (setup.IsOk)
        {
            Navigation.NavigateTo("/setup");
        }
        else if (setup.Problem.IsUnavailable)
        {
            _notice = setup.Problem.Detail;
            HttpContext.Response.Headers["Refresh"] = "5";
        }
    }

    private async Task SignInAsync()
    {
        var (email, password, totpCode) = (Form?.Email?.Trim(), Form?.Password, Form?.TotpCode?.Trim());
        _asksForTotp = !string.IsNullOrEmpty(totpCode);
        _emailError = string.IsNullOrEmpty(email) ? "Enter the email address of your account." : null;
        _passwordError = string.IsNullOrEmpty(password) ? "Enter your password." : null;
        if (string.IsNullOrEmpty(email) || string.IsNullOrEmpty(password))
        {
            return;
        }

        var result = await Auth.SignInAsync(new LoginRequest(email, password, _asksForTotp ? totpCode : null), HttpContext.RequestAborted);
        if (result.Problem is { } problem)
        {
            Explain(problem);
            return;
        }

        HttpContext.Response.CopyCookies(result.Cookies);
        Navigation.NavigateTo(LocalUrl.Safe(ReturnUrl));
    }

    private void Explain(ApiProblem problem)
    {
        switch (problem.Code)
        {
            case ErrorCodes.InvalidCredentials:
                _notice = "Email or password is wrong.";
                break;
            case ErrorCodes.TotpRequired:
                _totpError = _asksForTotp ? "This code is not valid (any more). Enter the one that the app shows now." : null;
                _notice = _asksForTotp ? null : "This account asks for a second factor. Enter your password again, and the code.";
                _asksForTotp = true;
                break;
            case ErrorCodes.ValidationFailed:
                _emailError = problem.ErrorOf("email");
                _passwordError = problem.ErrorOf("password");
                _notice = _emailError is null && _passwordError is null ? problem.Detail : null;
                break;
            default:
                _notice = problem.Detail;
                break;
        }
    }

    internal sealed class LoginForm
    {
        public string? Email { get; set; }

        public string? Password { get; set; }

        public string? TotpCode { get; set; }
    }
}
