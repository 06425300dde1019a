using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Aistrale.Web.Http;
using Aistrale.Web.Sessions;
using Microsoft.AspNetCore.Components;

namespace Aistrale.Web.Components.Pages.SignIn;

public sealed partial class LinkPage
{
    internal const string FormName = "link";

    private string? _notice;
    private string? _passwordError;

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

    [Parameter]
    public string Code { get; set; } = "";

    [SupplyParameterFromForm(FormName = FormName)]
    private LinkForm? Form { get; set; }

    protected override void OnInitialized() => Session.Credentials = HttpContext.Request.ReadCredentials(Origins);

    private async Task RedeemAsync()
    {
        if (Form?.Password is not { Length: > 0 } password)
        {
            _passwordError = "Choose a password.";
            return;
        }

        var problem = await Auth.RedeemLinkAsync(Code, password, HttpContext.RequestAborted);
        switch (problem?.Code)
        {
            case null:
                Navigation.NavigateTo(LocalUrl.SignInWithNewPassword);
                break;
            case ErrorCodes.WeakPassword:
                _passwordError = problem.Detail;
                break;
            default:
                _notice = problem.Detail;
                break;
        }
    }

    internal sealed class LinkForm
    {
        public string? Password { get; set; }
    }
}
