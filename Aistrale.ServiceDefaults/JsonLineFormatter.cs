using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Aistrale.ServiceDefaults;

/// <summary>
/// One flat JSON object for each log entry, on one line:
/// <code>{"timestamp":"2026-11-23T16:56:33.691Z","level":"warning","category":"Aistrale.Worker.Jobs","message":"…","traceId":"…","spanId":"…","state":{…},"scope":{…},"exception":"…"}</code>
/// The framework's own JSON formatter buries the trace id in a list of scopes and repeats the message.
/// </summary>
internal sealed class JsonLineFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "json-line";

    private const string Template = "{OriginalFormat}";

    // Quotes and umlauts as they are: the line goes to a log, never into a page. Line breaks are still escaped.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Each is either said elsewhere in the line or means nothing outside the process.
    private static readonly HashSet<string> ScopeNoise = ["TraceId", "SpanId", "ParentId", "ConnectionId", "RequestId", "RequestPath", "ActionId"];

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", Level(logEntry.LogLevel));
            json.WriteString("category", logEntry.Category);
            json.WriteString("message", message);
            if (Activity.Current is { } activity)
            {
                json.WriteString("traceId", activity.TraceId.ToHexString());
                json.WriteString("spanId", activity.SpanId.ToHexString());
            }

            WriteState(json, logEntry.State);
            WriteScopes(json, scopeProvider);
            if (logEntry.Exception is { } exception)
            {
                json.WriteString("exception", exception.ToString());
            }

            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteState<TState>(Utf8JsonWriter json, TState state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> values || !values.Any(value => value.Key != Template))
        {
            return;
        }

        json.WriteStartObject("state");
        foreach (var (key, value) in values)
        {
            if (key != Template)
            {
                WriteValue(json, key, value);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteScopes(Utf8JsonWriter json, IExternalScopeProvider? scopeProvider)
    {
        var values = new Dictionary<string, object?>();
        scopeProvider?.ForEachScope(
            static (scope, found) =>
            {
                foreach (var (key, value) in scope as IEnumerable<KeyValuePair<string, object?>> ?? [])
                {
                    if (key != Template && !ScopeNoise.Contains(key))
                    {
                        // The innermost scope speaks last.
                        found[key] = value;
                    }
                }
            },
            values);
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartObject("scope");
        foreach (var (key, value) in values)
        {
            WriteValue(json, key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, string key, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(key);
                break;
            case bool flag:
                json.WriteBoolean(key, flag);
                break;
            case int or long or short or byte or uint or ushort or sbyte:
                json.WriteNumber(key, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case decimal number:
                json.WriteNumber(key, number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(key, number);
                break;
            default:
                json.WriteString(key, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "information",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
