using System.IO.Pipelines;
using Aistrale.Sandbox.Calls;
using Aistrale.Sandbox.Scripting;

namespace Aistrale.Sandbox.Serving;

/// <summary>Plays an answer as a stream: pace, pings, and the faults that the script asks for on the way.</summary>
internal sealed class StreamRunner(Exchange exchange, TimeProvider clock, bool faulty)
{
    private static readonly TimeSpan EndlessGap = TimeSpan.FromMilliseconds(10);

    private readonly Script _script = exchange.Script;
    private readonly PipeWriter _body = exchange.Http.Response.BodyWriter;
    private readonly CancellationToken _ct = exchange.Http.RequestAborted;

    public async Task<CallOutcome> RunAsync()
    {
        // A split stream is put together first and cut afterwards.
        using var whole = _script.Split > 0 ? new PooledBuffer() : null;
        var framing = SseFraming.For(_script.Framing, exchange.Wire.Framing);
        var format = exchange.Wire.OpenStream(exchange, whole is null ? _body : whole, framing);
        if (faulty && _script.Die == Death.BeforeFirst)
        {
            await _body.FlushAsync(_ct);
            return await Connection.ResetAsync(exchange.Http, clock);
        }

        format.Open();
        await SendAsync(whole);
        if (await SendTokensAsync(format, whole) is { } ended)
        {
            return ended;
        }

        return await FinishAsync(format, whole);
    }

    private async Task<CallOutcome?> SendTokensAsync(StreamFormat format, PooledBuffer? whole)
    {
        var answer = exchange.Answer;
        var gap = _script.Gap == TimeSpan.Zero && answer.Endless ? EndlessGap : _script.Gap;
        var total = answer.Endless ? int.MaxValue : answer.Tokens;
        var cut = _script.At is { } at ? Math.Min(at, total) : answer.Endless ? 5 : Math.Max(1, total / 2);
        var start = clock.GetTimestamp();
        for (var i = 0; i < total; i++)
        {
            // Against the start, not the last token: 200 tokens of 5 ms take one second, whatever the timer's grain.
            if (i > 0 && gap > TimeSpan.Zero && (gap * i) - clock.GetElapsedTime(start) is { Ticks: > 0 } wait)
            {
                await WaitAsync(format, whole, wait);
            }

            var visible = format.Token(i);
            await SendAsync(whole);
            exchange.Call.AddTokens(visible * exchange.Ask.Choices);
            if (i + 1 == cut)
            {
                if (await MisbehaveAsync(format, whole) is { } ended)
                {
                    return ended;
                }

                start = _script.Stall > TimeSpan.Zero ? clock.GetTimestamp() - (long)((gap * i).TotalSeconds * clock.TimestampFrequency) : start;
            }
        }

        return null;
    }

    private async Task<CallOutcome?> MisbehaveAsync(StreamFormat format, PooledBuffer? whole)
    {
        if (_script.Stall > TimeSpan.Zero)
        {
            await WaitAsync(format, whole, _script.Stall);
        }

        if (!faulty)
        {
            return null;
        }

        if (_script.Die == Death.MidStream)
        {
            return await Connection.ResetAsync(exchange.Http, clock);
        }

        if (!_script.ErrorMidStream)
        {
            return null;
        }

        format.Error(new Fault(StatusCodes.Status503ServiceUnavailable, FaultKind.MidStream, "The provider failed in the middle of the answer.", _script.Code));
        await SendAsync(whole);
        return CallOutcome.Failed;
    }

    private async Task<CallOutcome> FinishAsync(StreamFormat format, PooledBuffer? whole)
    {
        if (faulty && _script.Die == Death.NoDone)
        {
            return CallOutcome.Died;
        }

        format.Close();
        var marker = !(faulty && _script.Die == Death.NoMarker);
        if (marker)
        {
            format.Terminate();
        }

        await SendAsync(whole);
        if (format.ReportsUsage)
        {
            exchange.Call.Reported = exchange.Usage;
        }

        return marker ? CallOutcome.Completed : CallOutcome.Died;
    }

    private async Task WaitAsync(StreamFormat format, PooledBuffer? whole, TimeSpan time)
    {
        while (_script.Ping > TimeSpan.Zero && time > _script.Ping)
        {
            await Task.Delay(_script.Ping, clock, _ct);
            time -= _script.Ping;
            format.Ping();
            await SendAsync(whole);
        }

        await Task.Delay(time, clock, _ct);
    }

    private async ValueTask SendAsync(PooledBuffer? whole)
    {
        if (whole is null)
        {
            await _body.FlushAsync(_ct);
            _ct.ThrowIfCancellationRequested();
            return;
        }

        var rest = whole.Written;
        while (rest.Length > 0)
        {
            var piece = rest[..Math.Min(rest.Length, _script.Split)];
            await _body.WriteAsync(piece, _ct);
            _ct.ThrowIfCancellationRequested();
            rest = rest[piece.Length..];
        }

        whole.Clear();
    }
}
