using System.Diagnostics;
using System.Diagnostics.Metrics;
using Aistrale.Core.Pricing;
using Aistrale.Core.Telemetry;

namespace Aistrale.Core.Inference;

/// <summary>What the gateway counts. Names follow OpenTelemetry's GenAI conventions where they have one; a model outside the catalogue is "other", so labels stay few.</summary>
internal sealed class InferenceMetrics : IDisposable
{
    // As the conventions advise: the exporter's default bounds are made for milliseconds.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] };

    public static readonly ActivitySource Source = new(AistraleTelemetry.Gateway);

    private readonly PriceCatalogue _catalogue;
    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _timeToFirstToken;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _tokens;
    private readonly Counter<double> _cost;
    private readonly Counter<long> _unpriced;

    public InferenceMetrics(IMeterFactory meters, PriceCatalogue catalogue)
    {
        _catalogue = catalogue;
        _meter = meters.Create(AistraleTelemetry.Gateway);
        _duration = _meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "Time from the request's arrival to its settlement", tags: null, Seconds);
        _timeToFirstToken = _meter.CreateHistogram<double>("gen_ai.server.time_to_first_token", "s", "Time from the request's arrival to the first content", tags: null, Seconds);
        _requests = _meter.CreateCounter<long>("aistrale.requests", "{request}", "Settled calls");
        _tokens = _meter.CreateCounter<long>("aistrale.tokens", "{token}", "Tokens of settled calls");
        _cost = _meter.CreateCounter<double>("aistrale.cost", "USD", "Cost of settled calls; the exact sums are in the usage records");
        _unpriced = _meter.CreateCounter<long>("aistrale.requests.unpriced", "{request}", "Settled calls without a price");
    }

    public void Record(UsageEvent usage)
    {
        var tags = new TagList
        {
            { "gen_ai.operation.name", "chat" },
            { "gen_ai.provider.name", usage.Provider ?? "none" },
            { "gen_ai.request.model", Label(usage) },
        };
        if (usage.ErrorCode is not null)
        {
            tags.Add("error.type", usage.Status);
        }

        _duration.Record(usage.LatencyMs / 1000, tags);
        _requests.Add(1, tags);
        if (usage.TimeToFirstTokenMs is { } first)
        {
            _timeToFirstToken.Record(first / 1000, tags);
        }

        if (usage.CostUsd is { } cost)
        {
            _cost.Add((double)cost, tags);
        }
        else if (usage.Provider is not null)
        {
            _unpriced.Add(1, tags);
        }

        AddTokens("input", usage.InputTokens, tags);
        AddTokens("output", usage.OutputTokens, tags);
    }

    public void Dispose() => _meter.Dispose();

    private void AddTokens(string type, long? count, TagList tags)
    {
        if (count is > 0)
        {
            tags.Add("gen_ai.token.type", type);
            _tokens.Add(count.Value, tags);
        }
    }

    private string Label(UsageEvent usage) => usage switch
    {
        { Provider: null } => "none",
        _ when _catalogue.FindModel(usage.Provider, Routing.HuggingFaceModel.Parse(usage.Model!).Name) is { } model => model.Name,
        _ => "other",
    };
}
