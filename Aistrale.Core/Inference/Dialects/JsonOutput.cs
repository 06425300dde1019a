using System.Text.Encodings.Web;
using System.Text.Json;

namespace Aistrale.Core.Inference.Dialects;

/// <summary>How answers are written: only what JSON demands is escaped. They are never put into a page unread, and nosniff keeps browsers from trying.</summary>
internal static class JsonOutput
{
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
