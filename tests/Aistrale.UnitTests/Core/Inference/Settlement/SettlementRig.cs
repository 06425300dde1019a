using System.Diagnostics.Metrics;
using System.Text;
using Aistrale.Core.Inference;
using Aistrale.Core.Inference.Routing;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Inference.Sse;
using Aistrale.Core.Inference.Upstream;
using Aistrale.Core.Pricing;
using Aistrale.Core.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Aistrale.UnitTests.Core.Inference.Settlement;

/// <summary>Settlement on a real spool and the real catalogue, with a clock that only moves when told.</summary>
internal sealed class SettlementRig : IDisposable
{
    public static readonly PriceCatalogue Catalogue = PriceCatalogue.LoadEmbedded();

    private readonly TemporaryFolder _folder = new();
    private readonly Meters _meters = new();

    public SettlementRig(long segmentBytes = 16 * 1024 * 1024)
    {
        Spool = new UsageSpool(Options.Create(new SpoolOptions { Path = _folder.Path, SegmentBytes = segmentBytes }), Clock, NullLogger<UsageSpool>.Instance);
        Metrics = new InferenceMetrics(_meters, Catalogue);
        Service = new SettlementService(Spool, Catalogue, Metrics, Clock);
    }

    public FakeTimeProvider Clock { get; } = new(Calls.Now);

    public UsageSpool Spool { get; }

    public InferenceMetrics Metrics { get; }

    public SettlementService Service { get; }

    /// <summary>All that is in the spool, in the order in which it was written.</summary>
    public List<SpoolRecord> Records => [.. Spool.Segments.SelectMany(segment => ReadAll(segment.Path, segment.Length))];

    public List<UsageEvent> Finished => [.. Records.Where(record => record.Kind == SpoolRecordKind.Finished).Select(record => record.Usage)];

    /// <summary>A call with its open bill and one attempt, as the lanes hold them.</summary>
    public (CallSettlement Settlement, UpstreamCall Upstream) Open(InferenceCall call, RouteTarget target, int? status = 200) =>
        OpenFor(call, target, status, CancellationToken.None);

    public (CallSettlement Settlement, UpstreamCall Upstream) OpenFor(InferenceCall call, RouteTarget target, int? status, CancellationToken caller)
    {
        var settlement = Service.Open(call, target);
        return (settlement, new UpstreamCall(call, target, settlement, Clock, caller) { Status = status });
    }

    public static void Feed(UpstreamCall upstream, string stream)
    {
        using var events = new SseEventSplitter();
        events.Append(Encoding.UTF8.GetBytes(stream));
        events.Complete();
        while (events.TryRead(out var block))
        {
            upstream.OnEvent(block);
        }
    }

    /// <summary>Makes every later record fail, as a full disk would.</summary>
    public void BreakSpool() => Directory.Delete(Spool.InstancePath, recursive: true);

    public void Dispose()
    {
        Spool.Dispose();
        Metrics.Dispose();
        _meters.Dispose();
        _folder.Dispose();
    }

    private static List<SpoolRecord> ReadAll(string path, long length)
    {
        List<SpoolRecord> records = [];
        var bytes = File.ReadAllBytes(path).AsSpan(0, (int)length);
        while (SpoolFormat.TryRead(bytes, out var record, out var consumed))
        {
            records.Add(record);
            bytes = bytes[consumed..];
        }

        return bytes.IsEmpty ? records : throw new InvalidDataException($"{bytes.Length} bytes of the spool cannot be read.");
    }

    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> _made = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options.Name);
            _made.Add(meter);
            return meter;
        }

        public void Dispose() => _made.ForEach(meter => meter.Dispose());
    }
}
