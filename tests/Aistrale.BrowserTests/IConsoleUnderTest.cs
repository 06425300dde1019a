namespace Aistrale.BrowserTests;

/// <summary>A running console with an administrator: in front of the fake API, or of the whole product.</summary>
public interface IConsoleUnderTest
{
    Uri Origin { get; }

    string AdminEmail { get; }

    string AdminPassword { get; }
}
