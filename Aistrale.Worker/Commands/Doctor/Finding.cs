namespace Aistrale.Worker.Commands.Doctor;

internal enum FindingStatus
{
    Ok,
    Warn,
    Fail,
}

/// <summary>One line of doctor's table. The text of a warning or failure says what to do.</summary>
internal sealed record Finding(FindingStatus Status, string Subject, string Text)
{
    private const int SubjectWidth = 20;

    public static Finding Ok(string subject, string text) => new(FindingStatus.Ok, subject, text);

    public static Finding Warn(string subject, string text) => new(FindingStatus.Warn, subject, text);

    public static Finding Fail(string subject, string text) => new(FindingStatus.Fail, subject, text);

    public override string ToString() => $"{Word}  {Subject.PadRight(SubjectWidth)}  {Text}";

    private string Word => Status switch
    {
        FindingStatus.Ok => "ok  ",
        FindingStatus.Warn => "warn",
        _ => "FAIL",
    };
}
