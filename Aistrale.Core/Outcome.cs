namespace Aistrale.Core;

/// <summary>Why an expected thing did not happen. <paramref name="Code"/> is one of <see cref="Contracts.ErrorCodes"/>; <paramref name="Field"/> names the input at fault, if one is.</summary>
public sealed record Failure(string Code, string Message, string? Field = null);

/// <summary>A value, or the reason why there is none. Exceptions are for broken promises, not for this.</summary>
public readonly struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Failure? failure)
    {
        _value = value;
        Failure = failure;
    }

    public Failure? Failure { get; }

    public bool Succeeded => Failure is null;

    public T Value => Failure is null ? _value! : throw new InvalidOperationException($"There is no value: {Failure.Code}.");

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Failure failure) => new(default, failure);
}
