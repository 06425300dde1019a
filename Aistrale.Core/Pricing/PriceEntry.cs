namespace Aistrale.Core.Pricing;

/// <summary>How a provider names dated snapshots of a model that cost what the model costs.</summary>
public enum SnapshotNames
{
    /// <summary>Only the listed aliases. Right where a snapshot can have a price of its own, such as gpt-4o-2024-05-13.</summary>
    Listed,

    /// <summary><c>claude-haiku-4-5-20251001</c></summary>
    CompactDate,

    /// <summary><c>gpt-6-sol-2026-09-22</c></summary>
    DashedDate,
}

/// <summary>One row of price data: what a model costs at one provider during one span of time. Checked and made fast by <see cref="PriceCatalogue"/>.</summary>
public sealed record PriceEntry
{
    public required string Provider { get; init; }

    public required string Model { get; init; }

    /// <summary>Hugging Face only: the provider behind the router, spelled as the router spells it.</summary>
    public string? ServedBy { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public SnapshotNames Snapshots { get; init; }

    /// <summary>First instant at which the price applies; null = since ever.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>First instant at which the price no longer applies; null = until further notice.</summary>
    public DateTimeOffset? ValidTo { get; init; }

    public required PriceListing Standard { get; init; }

    /// <summary>Complete lists by the name of the tier served: listed prices, never factors on top of another list.</summary>
    public IReadOnlyDictionary<string, PriceListing> ServiceTiers { get; init; } = new Dictionary<string, PriceListing>();

    /// <summary>Tiers that the provider documents at the standard price.</summary>
    public IReadOnlyList<string> StandardTiers { get; init; } = [];

    /// <summary>Units without a price of their own that the provider bills as another unit.</summary>
    public IReadOnlyDictionary<string, string> ChargedAs { get; init; } = new Dictionary<string, string>();

    public long? ContextTokens { get; init; }

    public long? MaxOutputTokens { get; init; }

    public required string Source { get; init; }

    public required DateOnly FetchedAt { get; init; }

    /// <summary>The row's name in messages: <c>huggingface/openai/gpt-oss-120b:novita</c>.</summary>
    public override string ToString() => ServedBy is null ? $"{Provider}/{Model}" : $"{Provider}/{Model}:{ServedBy}";
}

/// <summary>Prices in USD by unit name, per million tokens, per thousand uses or per hour (<see cref="PriceUnits.BlockSize"/>).</summary>
public sealed record PriceListing(IReadOnlyDictionary<string, decimal> Usd, IReadOnlyList<ContextTierListing> ContextTiers);

/// <summary>The token prices of the whole request once its total input, cache included, passes the boundary.</summary>
public sealed record ContextTierListing(long BoundaryTokens, bool Inclusive, IReadOnlyDictionary<string, decimal> Usd);
