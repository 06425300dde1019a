using Aistrale.Core.Tokens;

namespace Aistrale.Core.Inference.Upstream;

/// <summary>Adds the credential, last before the socket, so that nothing above it can log or cache it.</summary>
internal sealed class CredentialHandler(TokenVault vault) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = UpstreamCall.Current ?? throw new InvalidOperationException("A provider is called outside an upstream call.");
        if (vault.Open(call.Target.Token) is not { } credential)
        {
            call.CredentialUnreadable = true;
            throw new HttpRequestException("The provider token cannot be opened.");
        }

        call.Credential = credential;
        call.Target.Provider.Authenticate(request, credential);
        request.Headers.Remove("x-client-request-id");
        request.Headers.TryAddWithoutValidation("x-client-request-id", call.Call.Id.ToString());
        return base.SendAsync(request, cancellationToken);
    }
}
