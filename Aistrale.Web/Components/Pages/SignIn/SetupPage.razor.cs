using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Aistrale.Web.Http;
using Aistrale.Web.Sessions;
using Microsoft.AspNetCore.Components;

namespace Aistrale.Web.Components.Pages.SignIn;

public sealed partial class SetupPage
{
    internal const string FormName = "set-up";

    private readonly Dictionary<string, string> _errors = new(StringComparer.OrdinalIgnoreCase);
    private string? _notice;

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
    private string? Code { get; set; }

    [SupplyParameterFromForm(FormName = FormName)]
    private SetupForm? Form { get; set; }

    protected override async Task OnInitializedAsync()
    {
        Session.Credentials = HttpContext.Request.ReadCredentials(Origins);
        var state = await Auth.GetSetupStateAsync(HttpContext.RequestAborted);
        if (state.Problem is { IsUnavailable: true } down)
        {
            _notice = down.Detail;
        }
        else if (!state.IsOk)
        {
            // The first administrator exists: this page has nothing more to do.
            Navigation.NavigateTo("/login");
        }
    }

    private async Task SetUpAsync()
    {
        var form = Form ?? new SetupForm();
        Require("code", form.Code, "Enter the code that was printed at the start.");
        Require("displayName", form.DisplayName, "Enter the name that others see.");
        Require("email", form.Email, "Enter an email address; you sign in with it.");
        Require("password", form.Password, "Choose a password.");
        if (_errors.Count > 0)
        {
            return;
        }

        var request = new SetupRequest(form.Code!.Trim(), form.Email!.Trim(), form.DisplayName!.Trim(), form.Password!);
        if (await Auth.SetUpAsync(request, HttpContext.RequestAborted) is { } problem)
        {
            Explain(problem);
            return;
        }

        var signedIn = await Auth.SignInAsync(new LoginRequest(request.Email, request.Password), HttpContext.RequestAborted);
        HttpContext.Response.CopyCookies(signedIn.Cookies);
        Navigation.NavigateTo(signedIn.Problem is null ? LocalUrl.Home : "/login");
    }

    private string? Error(string field) => _errors.GetValueOrDefault(field);

    private void Require(string field, string? value, string message)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            _errors[field] = message;
        }
    }

    private void Explain(ApiProblem problem)
    {
        switch (problem.Code)
        {
            case ErrorCodes.InvalidSetupCode:
                _errors["code"] = problem.Detail;
                break;
            case ErrorCodes.WeakPassword:
                _errors["password"] = problem.Detail;
                break;
            default:
                foreach (var (field, messages) in problem.Errors)
                {
                    _errors[field] = messages.FirstOrDefault() ?? problem.Detail;
                }

                _notice = _errors.Count == 0 ? problem.Detail : null;
                break;
        }
    }

    internal sealed class SetupForm
    {
        public string? Code { get; set; }

        public string? DisplayName { get; set; }

        public string? Email { get; set; }

        public string? Password { get; set; }
    }
}
