using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Aistrale.Web.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Aistrale.Web.Components.Pages.Tokens;

public sealed partial class AddTokenDialog
{
    private readonly Dictionary<string, string> _errors = new(StringComparer.OrdinalIgnoreCase);
    private string _provider = Contracts.Providers.OpenAI;
    private string _label = "";
    private string _secret = "";
    private string _baseUrl = "";
    private bool _isDefault = true;
    private bool _forWorkspace;
    private bool _isAdmin;
    private bool _busy;
    private ApiProblem? _problem;

    [Inject]
    private TokensClient Tokens { get; set; } = null!;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = null!;

    [Parameter]
    public EventCallback OnClosed { get; set; }

    [Parameter]
    public EventCallback OnAdded { get; set; }

    protected override async Task OnInitializedAsync()
    {
        var state = await Authentication.GetAuthenticationStateAsync();
        _isAdmin = (state.User.Identity as SessionIdentity)?.User.Role == Roles.Admin;
    }

    private async Task AddAsync()
    {
        _errors.Clear();
        _problem = null;
        Require("label", _label, "Give the token a label, so that you can tell it from others.");
        Require("secret", _secret, "Paste the provider's API key.");
        if (_provider == Contracts.Providers.Custom)
        {
            Require("baseUrl", _baseUrl, "Enter the address that this server's SDK would take, path included.");
        }

        if (_busy || _errors.Count > 0)
        {
            return;
        }

        _busy = true;
        var result = await Tokens.CreateAsync(
            new CreateTokenRequest(
                _provider,
                _label.Trim(),
                _secret.Trim(),
                string.IsNullOrWhiteSpace(_baseUrl) ? null : _baseUrl.Trim(),
                _isDefault,
                _forWorkspace ? TokenVisibilities.Workspace : TokenVisibilities.Private),
            CancellationToken.None);
        _busy = false;
        if (result.IsOk)
        {
            // The secret lives in this circuit no longer than it must.
            _secret = "";
            await OnAdded.InvokeAsync();
            return;
        }

        _problem = result.Problem;
        foreach (var (field, messages) in result.Problem.Errors)
        {
            _errors[field] = messages.FirstOrDefault() ?? result.Problem.Detail;
        }
    }

    private void Require(string field, string value, string message)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            _errors[field] = message;
        }
    }

    private string? Invalid(string field) => _errors.ContainsKey(field) ? "true" : null;

    private string? Describes(string field) => _errors.ContainsKey(field) ? $"token-{field}-error" : null;
}
