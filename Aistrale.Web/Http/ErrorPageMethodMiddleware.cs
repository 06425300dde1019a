using Microsoft.AspNetCore.Diagnostics;

namespace Aistrale.Web.Http;

/// <summary>An error page is shown, never posted to: after a failed post it would be refused for lack of a form of its own.</summary>
internal sealed class ErrorPageMethodMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var isErrorPage = context.Features.Get<IStatusCodeReExecuteFeature>() is not null
            || context.Features.Get<IExceptionHandlerPathFeature>() is not null;
        if (isErrorPage)
        {
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    }
}
