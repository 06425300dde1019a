using System.Text;
using Aistrale.Core.Pricing;
using Xunit;

namespace Aistrale.UnitTests.Core.Pricing;

public sealed class PriceDataTests
{
    private static readonly PriceEntry Plain = TestEntry.Plain;
    private static readonly DateTimeOffset Noon = ExpectedPrices.Today;

    public static TheoryData<string, string, PriceEntry[]> Breaches => new()
    {
        { "unknown provider", "\"acme\" is not a provider", [Plain with { Provider = "acme" }] },
        { "no model name", "has no name", [Plain with { Model = " " }] },
        { "no source", "where the price comes from", [Plain with { Source = "" }] },
        { "serving provider elsewhere", "only huggingface", [Plain with { ServedBy = "novita" }] },
        { "empty serving provider", "\"servedBy\" is empty", [Plain with { Provider = "huggingface", ServedBy = "" }] },
        { "serving provider in the model's name", "in \"servedBy\"", [Plain with { Provider = "huggingface", Model = "a/b:novita" }] },
        { "empty interval", "is not before", [Plain with { ValidFrom = Noon, ValidTo = Noon }] },
        { "backward interval", "is not before", [Plain with { ValidFrom = Noon.AddTicks(1), ValidTo = Noon }] },
        { "context of nothing", "contextTokens", [Plain with { ContextTokens = 0 }] },
        { "output of nothing", "maxOutputTokens", [Plain with { MaxOutputTokens = -1 }] },
        { "no price", "no price is listed", [Listed()] },
        { "unknown unit", "\"smiles\" is not a price unit", [Listed(("input", 1m), ("smiles", 1m))] },
        { "negative price", "input is negative", [Listed(("input", -0.000001m))] },
        { "price in the wrong unit", "is beyond", [Listed(("input", 100_001m))] },
        { "token price finer than a cost can show", "more than 6 fractional digits", [Listed(("input", 0.0000001m))] },
        { "use price finer than a cost can show", "more than 9 fractional digits", [Listed(("web_search", 0.0000000001m))] },
        { "boundary at nothing", "boundary must be positive", [Tiered((0, Plain.Standard.Usd))] },
        { "boundaries out of order", "boundaries must increase", [Tiered((200, Plain.Standard.Usd), (100, Plain.Standard.Usd))] },
        { "boundary twice", "boundaries must increase", [Tiered((100, Plain.Standard.Usd), (100, Plain.Standard.Usd))] },
        { "negative price in a tier", "input is negative", [Tiered((100, TestEntry.Usd(("input", -1m), ("output", 1m))))] },
        { "unit missing in a tier", "output is missing", [Tiered((100, TestEntry.Usd(("input", 1m))))] },
        { "unit only in a tier", "audio_input has no standard price", [Tiered((100, TestEntry.Usd(("input", 1m), ("output", 1m), ("audio_input", 1m))))] },
        { "nameless service tier", "has no name", [Served(" ", Plain.Standard)] },
        { "standard as a service tier", "is the standard price itself", [Served("default", Plain.Standard)] },
        { "standard among the standard tiers", "is the standard price itself", [Plain with { StandardTiers = ["Auto"] }] },
        { "service tier twice", "named twice", [Served("flex", Plain.Standard) with { StandardTiers = ["FLEX"] }] },
        { "unit missing in a service tier", "output is missing", [Served("flex", new PriceListing(TestEntry.Usd(("input", 1m)), []))] },
        { "negative price in a service tier", "output is negative", [Served("flex", new PriceListing(TestEntry.Usd(("input", 1m), ("output", -1m)), []))] },
        { "charged as an unknown unit", "\"smiles\" is not a price unit", [Charged("cached_input", "smiles")] },
        { "unknown unit charged", "\"smiles\" is not a price unit", [Charged("smiles", "input")] },
        { "charged as a unit without a price", "audio_input has no price", [Charged("cached_input", "audio_input")] },
        { "charged although listed", "output has a price of its own", [Charged("output", "input")] },
        { "alias twice in a row", "listed twice", [Plain with { Aliases = ["a", "A"] }] },
        { "empty alias", "alias is empty", [Plain with { Aliases = [""] }] },
        { "alias of two models", "also belongs to test-model", [Plain with { Aliases = ["a"] }, Plain with { Model = "other", Aliases = ["A"] }] },
        { "alias that is a model", "also the name of a model", [Plain with { Aliases = ["OTHER"] }, Plain with { Model = "other" }] },
        { "alias that is its own model", "also the name of a model", [Plain with { Aliases = ["test-model"] }] },
        { "same row twice", "overlaps", [Plain, Plain] },
        { "same model in other letters", "overlaps", [Plain, Plain with { Model = "TEST-model" }] },
        { "overlap by an instant", "overlaps", [Plain with { ValidTo = Noon }, Plain with { ValidFrom = Noon.AddTicks(-1) }] },
        { "overlap with an open end", "overlaps", [Plain with { ValidFrom = Noon }, Plain with { ValidFrom = Noon.AddDays(1) }] },
        { "overlap with an open beginning", "overlaps", [Plain with { ValidFrom = Noon }, Plain with { ValidTo = Noon.AddDays(1) }] },
        { "overlap at one serving provider", "overlaps", [Router("novita"), Router("Novita")] },
    };

    [Theory]
    [MemberData(nameof(Breaches))]
    public void A_breach_is_refused_and_names_the_row_and_the_fault(string breach, string fault, PriceEntry[] entries)
    {
        var refusal = Assert.Throws<PriceDataException>(() => new PriceCatalogue([entries]));
        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
        Assert.True(entries.Any(e => refusal.Message.StartsWith($"{e}: ", StringComparison.Ordinal)), $"{breach}: {refusal.Message}");
    }

    [Fact]
    public void Neighbours_are_no_overlap()
    {
        PriceEntry[] entries =
        [
            Plain with { ValidTo = Noon },
            Plain with { ValidFrom = Noon, ValidTo = Noon.AddDays(1) },
            Plain with { ValidFrom = Noon.AddDays(2) },
            Router("novita"),
            Router("groq"),
            Plain with { Provider = "groq", Aliases = ["test-model-latest"] },
            Plain with { Provider = "anthropic", Aliases = ["test-model-latest"] },
        ];
        var catalogue = new PriceCatalogue([entries]);
        Assert.NotNull(catalogue.Find("openai", "test-model", null, Noon));
        Assert.Null(catalogue.Find("openai", "test-model", null, Noon.AddDays(1)));
    }

    [Fact]
    public void Intervals_of_one_model_share_its_aliases()
    {
        var catalogue = new PriceCatalogue([Plain with { ValidTo = Noon, Aliases = ["a"] }, (Plain with { ValidFrom = Noon, Aliases = ["a"] }).Costing(3m)]);
        Assert.Equal(3m, catalogue.Find("openai", "a", null, Noon)?.ListedUsd(PriceUnit.Input));
    }

    [Fact]
    public void A_file_with_everything_in_it_is_read()
    {
        var entry = Assert.Single(Read(FullModel));
        Assert.Equal(("openai", "m", "openai/m"), (entry.Provider, entry.Model, entry.ToString()));
        Assert.Equal(["m-1", "m-2"], entry.Aliases);
        Assert.Equal(SnapshotNames.DashedDate, entry.Snapshots);
        Assert.Equal((1_000L, 100L), (entry.ContextTokens, entry.MaxOutputTokens));
        Assert.Equal(new DateTimeOffset(2026, 8, 21, 0, 0, 0, TimeSpan.Zero), entry.ValidFrom);
        Assert.Equal(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), entry.ValidTo);
        Assert.Equal(0.075m, entry.Standard.Usd["input"]);
        var tier = Assert.Single(entry.Standard.ContextTiers);
        Assert.Equal((272_000L, true, 0.15m), (tier.BoundaryTokens, tier.Inclusive, tier.Usd["input"]));
        Assert.Equal(0.0375m, entry.ServiceTiers["batch"].Usd["input"]);
        Assert.Equal(["flex"], entry.StandardTiers);
        Assert.Equal("input", entry.ChargedAs["cached_input"]);
        Assert.Equal(("a list", new DateOnly(2026, 11, 23)), (entry.Source, entry.FetchedAt));
    }

    [Theory]
    [InlineData("\"input\": \"0.075\"", "\"input\": 0.075", "Write prices as strings")]
    [InlineData("\"input\": \"0.075\"", "\"input\": \"7,5\"", "\"7,5\" is not a price")]
    [InlineData("\"input\": \"0.075\"", "\"input\": \"1e-3\"", "\"1e-3\" is not a price")]
    [InlineData("\"input\": \"0.075\"", "\"input\": null", "Write prices as strings")]
    [InlineData("\"input\": \"0.075\"", "\"input\": \"0.075\", \"input\": \"0.08\"", "input")]
    [InlineData("\"source\"", "\"origin\": \"x\", \"source\"", "origin")]
    [InlineData("\"source\": \"a list\", ", "", "source")]
    [InlineData("\"validTo\"", "\"until\"", "until")]
    [InlineData("\"dashedDate\"", "\"sometimes\"", "snapshots")]
    [InlineData("\"contextTokens\": 1000", "\"contextTokens\": \"1000\"", "contextTokens")]
    [InlineData("\"schema\": 1", "\"schema\": 2", "schema 2")]
    [InlineData("\"input\": 1000000", "\"input\": 1000", "per 1000000, the file says per 1000")]
    [InlineData("\"input\": 1000000", "\"smiles\": 1000000", "\"smiles\" is not a price unit")]
    public void A_file_that_is_not_as_it_should_be_is_refused_with_the_place(string part, string replacement, string fault)
    {
        Assert.Contains(part, FullModel, StringComparison.Ordinal);
        var refusal = Assert.Throws<PriceDataException>(() => Read(FullModel.Replace(part, replacement, StringComparison.Ordinal)));
        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_price_in_a_file_is_found_by_its_row()
    {
        var entries = Read(FullModel.Replace("\"0.15\"", "\"-0.15\"", StringComparison.Ordinal));
        var refusal = Assert.Throws<PriceDataException>(() => new PriceCatalogue(entries));
        Assert.StartsWith("openai/m: context tier 272000: the price of input is negative", refusal.Message, StringComparison.Ordinal);
    }

    private const string FullModel = """
        { "schema": 1, "units": { "input": 1000000 }, "models": [
          { "provider": "openai", "model": "m", "aliases": ["m-1", "m-2"], "snapshots": "dashedDate", "contextTokens": 1000, "maxOutputTokens": 100,
            "chargedAs": { "cached_input": "input" }, "standardTiers": ["flex"], "source": "a list", "fetchedAt": "2026-11-23",
            "prices": [ {
              "validFrom": "2026-08-21T00:00:00Z", "validTo": "2027-01-01T00:00:00Z", "usd": { "input": "0.075" },
              "contextTiers": [ { "boundaryTokens": 272000, "inclusive": true, "usd": { "input": "0.15" } } ],
              "serviceTiers": { "batch": { "usd": { "input": "0.0375" } } } } ] } ] }
        """;

    private static IReadOnlyList<PriceEntry> Read(string json) => PriceFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)));

    private static PriceEntry Listed(params (string Unit, decimal Price)[] prices) => Plain with { Standard = new PriceListing(TestEntry.Usd(prices), []) };

    private static PriceEntry Tiered(params (long Boundary, IReadOnlyDictionary<string, decimal> Usd)[] tiers) =>
        Plain with { Standard = Plain.Standard with { ContextTiers = [.. tiers.Select(t => new ContextTierListing(t.Boundary, false, t.Usd))] } };

    private static PriceEntry Served(string tier, PriceListing listing) => Plain with { ServiceTiers = new Dictionary<string, PriceListing> { [tier] = listing } };

    private static PriceEntry Charged(string unit, string asUnit) => Plain with { ChargedAs = new Dictionary<string, string> { [unit] = asUnit } };

    private static PriceEntry Router(string servedBy) => Plain with { Provider = "huggingface", ServedBy = servedBy };
}
