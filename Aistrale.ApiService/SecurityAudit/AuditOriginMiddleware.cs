using System.Net;
using System.Net.Sockets;
using Aistrale.ApiService.Http;
using Aistrale.ApiService.Sessions;
using Aistrale.Core.SecurityAudit;

namespace Aistrale.ApiService.SecurityAudit;

/// <summary>Tells the security audit who makes this request. Runs after authentication and before authorization, whose refusals are written down too.</summary>
internal sealed class AuditOriginMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var address = Network(context.Connection.RemoteIpAddress);
        var requestId = RequestIds.Of(context);
        AuditOrigin.Current = context.Features.Get<CurrentUser>() switch
        {
            null => new AuditOrigin(AuditActors.Anonymous, Address: address, RequestId: requestId),
            { Key: { } key } => new AuditOrigin(AuditActors.Key, key.Id, address, requestId, key.WorkspaceId),
            { Entry: var user } => new AuditOrigin(AuditActors.User, user.Id, address, requestId, user.WorkspaceId),
        };
        return next(context);
    }

    // 203.0.113.9 → 203.0.113.0/24: enough to see where from, too little to follow a person.
    internal static string? Network(IPAddress? address)
    {
        if (address is null)
        {
            return null;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        var kept = plain.AddressFamily == AddressFamily.InterNetwork ? 3 : 6;
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }
}
