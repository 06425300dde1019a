namespace Aistrale.Core.Pricing;

/// <summary>Price data that must not be used; the message names the row and what to correct.</summary>
public sealed class PriceDataException : Exception
{
    public PriceDataException()
    {
    }

    public PriceDataException(string message)
        : base(message)
    {
    }

    public PriceDataException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
