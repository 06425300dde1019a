using Aistrale.ApiService.Auth;
using Aistrale.ApiService.Gateway;
using Aistrale.ApiService.Http;
using Aistrale.ApiService.Inference;
using Aistrale.ApiService.Keys;
using Aistrale.ApiService.Sessions;
using Aistrale.ApiService.Telemetry;
using Aistrale.ApiService.Tokens;
using Aistrale.Contracts;
using Aistrale.Core.Auth;
using Aistrale.Core.Data;
using Aistrale.Core.Encryption;
using Aistrale.Core.Inference;
using Aistrale.Core.Keys;
using Aistrale.Core.Pricing;
using Aistrale.Core.Telemetry;
using Aistrale.Core.Tokens;
using Aistrale.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddAistraleDatabase<AistraleDbContext>(ResourceNames.Database);
builder.AddAistraleRedis(ResourceNames.Redis);
builder.Services.AddData().AddSnapshots().AddEncryption(builder.Configuration);
builder.Services.AddAuth().AddTokens().AddKeys().AddPricing().AddInference().AddTelemetryQueries();
builder.AddHttp();
builder.AddSessions();
builder.AddReadiness();

var app = builder.Build();

app.UseHttp();
app.UseSessions();
app.MapDefaultEndpoints();
app.MapApiDocs();
app.MapSetup();
app.MapAuth();
app.MapTokens();
app.MapKeys();
app.MapInference();
app.MapTelemetry();
app.MapGateway();

app.Run();
