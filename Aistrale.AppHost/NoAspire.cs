// Compiled instead of AppHost.cs when UseAspire is false (docs/decisions/0001).
Console.Error.WriteLine(
    "This build has no Aspire: its packages could not be restored here, so run ./aistrale up, which starts the same services as plain processes.");
return 2;
