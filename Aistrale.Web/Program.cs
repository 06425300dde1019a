using Aistrale.ServiceDefaults;
using Aistrale.Web.Clients;
using Aistrale.Web.Components;
using Aistrale.Web.Http;
using Aistrale.Web.Sessions;

var builder = WebApplication.CreateBuilder(args);
// Without this, a run from bin outside Development answers 500 for every static file; after publish it does nothing.
builder.WebHost.UseStaticWebAssets();

builder.AddServiceDefaults();
builder.Services.AddSingleton<PublicOrigins>();
builder.Services.AddApiProxy();
builder.Services.AddApiClients();
builder.Services.AddSessions(builder.Configuration);
builder.Services.AddConsole();

var app = builder.Build();

app.UseMiddleware<SecurityHeadersMiddleware>();
app.UseExceptionHandler("/error/500", createScopeForErrors: true);
app.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true);
if (!app.Environment.IsDevelopment())
{
    app.UseHsts();
}

app.UseMiddleware<ErrorPageMethodMiddleware>();
app.UseMiddleware<CircuitOriginMiddleware>();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();

app.MapDefaultEndpoints();
app.MapStaticAssets();
app.MapApiProxy();
app.MapSessions();
app.MapConsole();

app.Run();
