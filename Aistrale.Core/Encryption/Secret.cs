using System.Diagnostics;

namespace Aistrale.Core.Encryption;

/// <summary>A secret in memory. It cannot be printed, interpolated or serialised by accident: only <see cref="Reveal"/> gives the text.</summary>
[DebuggerDisplay("***")]
public sealed class Secret(string value)
{
    private readonly string _value = value;

    /// <summary>The text itself. Call it where the text leaves the process, nowhere else.</summary>
    public string Reveal() => _value;

    public override string ToString() => "***";
}
