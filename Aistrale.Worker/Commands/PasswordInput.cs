using System.Text;
using Aistrale.Core.Encryption;

namespace Aistrale.Worker.Commands;

/// <summary>Reads a password from a pipe or, without showing it, from a person.</summary>
internal static class PasswordInput
{
    public static Secret Read(bool fromStdin)
    {
        if (fromStdin)
        {
            return new Secret(Console.In.ReadLine() ?? throw new CommandFailedException("Standard input is empty: --password-stdin reads the password from its first line."));
        }

        if (Console.IsInputRedirected)
        {
            throw new CommandFailedException("There is no terminal to ask for the password: pipe it in and add --password-stdin.");
        }

        // Ctrl-C has to arrive as a key: a signal does not wake ReadKey.
        Console.TreatControlCAsInput = true;
        try
        {
            var password = Ask("Password: ");
            return password == Ask("Once more: ")
                ? new Secret(password)
                : throw new CommandFailedException("The two passwords differ. Nothing was changed.");
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private static string Ask(string prompt)
    {
        Console.Error.Write(prompt);
        var text = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                Console.Error.WriteLine();
                return text.ToString();
            }

            if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
            {
                Console.Error.WriteLine();
                throw new OperationCanceledException();
            }

            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }
    }
}
