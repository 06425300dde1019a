using Aistrale.Core.Pricing;
using Xunit;

namespace Aistrale.UnitTests.Core.Pricing;

public sealed class PriceCatalogueTests
{
    private static readonly PriceCatalogue Catalogue = PriceCatalogue.LoadEmbedded();
    private static readonly DateTimeOffset Today = ExpectedPrices.Today;

    [Theory]
    [InlineData("gemini", "gemini-3.8-flash", "2026-12-31T23:59:59.999Z", "0.75")]
    [InlineData("gemini", "gemini-3.8-flash", "2027-01-01T00:00:00Z", "1.5")]
    [InlineData("gemini", "gemini-3.7-flash", "2026-12-31T23:59:59.9999999Z", "0.75")]
    [InlineData("gemini", "gemini-3.6-flash", "2027-01-01T01:00:00+01:00", "1.5")]
    [InlineData("gemini", "gemini-3.6-flash", "2027-01-01T00:59:59+01:00", "0.75")]
    [InlineData("openai", "gpt-5.6-sol", "2026-08-20T23:59:59.999Z", "5")]
    [InlineData("openai", "gpt-5.6-sol", "2026-08-21T00:00:00Z", "4")]
    public void A_price_changes_at_its_instant(string provider, string model, string at, string inputUsd)
    {
        var sheet = Catalogue.Find(provider, model, null, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(decimal.Parse(inputUsd, System.Globalization.CultureInfo.InvariantCulture), sheet?.ListedUsd(PriceUnit.Input));
    }

    [Theory]
    [InlineData("anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5")]
    [InlineData("anthropic", "claude-opus-4-20250514", "claude-opus-4-0")]
    [InlineData("anthropic", "claude-opus-5-5-20260930", "claude-opus-5-5")]
    [InlineData("anthropic", "claude-opus-5-20260724", "claude-opus-5")]
    [InlineData("anthropic", "claude-3-5-haiku-latest", "claude-3-5-haiku")]
    [InlineData("anthropic", "claude-3-5-haiku-20241022", "claude-3-5-haiku")]
    [InlineData("openai", "gpt-4o-mini-2024-07-18", "gpt-4o-mini")]
    [InlineData("openai", "gpt-4o-2024-08-06", "gpt-4o")]
    [InlineData("openai", "gpt-5.6", "gpt-5.6-sol")]
    [InlineData("openai", "gpt-6-sol-2026-09-22", "gpt-6-sol")]
    [InlineData("openai", "GPT-4o", "gpt-4o")]
    [InlineData("gemini", "gemini-2.5-flash-preview-09-2025", "gemini-2.5-flash")]
    [InlineData("groq", "moonshotai/kimi-k2-instruct-0905", "moonshotai/kimi-k2-instruct")]
    public void A_snapshot_costs_what_its_model_costs(string provider, string snapshot, string model)
    {
        Assert.Equal(model, Catalogue.Find(provider, snapshot, null, Today)?.Model);
    }

    [Theory]
    [InlineData("anthropic", "claude-3-5-haiku:claude-3-5-haiku-latest claude-opus-4-0:claude-opus-4")]
    [InlineData(
        "openai",
        """
        gpt-4.1-mini:gpt-4.1-mini-2025-04-14 gpt-4.1-nano:gpt-4.1-nano-2025-04-14 gpt-4.1:gpt-4.1-2025-04-14 gpt-4o-mini:gpt-4o-mini-2024-07-18
        gpt-4o:gpt-4o-2024-08-06,gpt-4o-2024-11-20 gpt-5-mini:gpt-5-mini-2025-08-07 gpt-5-nano:gpt-5-nano-2025-08-07 gpt-5.1:gpt-5.1-2025-11-13,gpt-5.1-codex,gpt-5.1-codex-max
        gpt-5.2:gpt-5.2-2025-12-11,gpt-5.2-codex gpt-5.4-mini:gpt-5.4-mini-2026-03-17 gpt-5.4-nano:gpt-5.4-nano-2026-03-17 gpt-5.4:gpt-5.4-2026-03-05
        gpt-5.5:gpt-5.5-2026-04-23,gpt-5.5-2026-04-24 gpt-5.6-sol:gpt-5.6 gpt-5:gpt-5-2025-08-07,gpt-5-codex gpt-image-1.5:gpt-image-1.5-2025-12-16 o3:o3-2025-04-16 o4-mini:o4-mini-2025-04-16
        """)]
    [InlineData(
        "gemini",
        """
        gemini-2.5-flash-lite:gemini-2.5-flash-lite-preview-09-2025 gemini-2.5-flash:gemini-2.5-flash-preview-09-2025
        gemini-3.1-flash-lite:gemini-3.1-flash-lite-preview gemini-3.1-pro-preview:gemini-3.1-pro-preview-customtools
        """)]
    [InlineData("groq", "moonshotai/kimi-k2-instruct:moonshotai/kimi-k2-instruct-0905")]
    [InlineData("huggingface", "")]
    public void These_and_no_other_aliases_are_listed(string provider, string expected)
    {
        var listed = Catalogue.Models.Where(m => m.Provider == provider && m.Aliases.Count > 0).Select(m => $"{m.Name}:{string.Join(',', m.Aliases)}");
        Assert.Equal(expected.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_vendors_that_never_reprice_a_snapshot_have_a_date_rule()
    {
        var ruled = Catalogue.Models.Where(m => m.Snapshots != SnapshotNames.Listed).ToList();
        Assert.Equal(Catalogue.Models.Where(m => m.Provider == "anthropic"), ruled.Where(m => m.Snapshots == SnapshotNames.CompactDate));
        Assert.Equal(
            ["gpt-5.6-luna", "gpt-5.6-sol", "gpt-5.6-terra", "gpt-6-astra", "gpt-6-luna", "gpt-6-sol"],
            ruled.Where(m => m.Snapshots == SnapshotNames.DashedDate).Select(m => m.Name).Order());
    }

    [Theory]
    // This snapshot has a price of its own, twice that of gpt-4o: a date alone says nothing.
    [InlineData("openai", "gpt-4o-2024-05-13")]
    [InlineData("openai", "gpt-6-sol-20260922")]
    [InlineData("openai", "gpt-6-sol-2026-13-01")]
    [InlineData("openai", "gpt-6-sol-")]
    [InlineData("openai", "-2026-09-22")]
    [InlineData("openai", "gpt-5-chat-latest")]
    [InlineData("anthropic", "claude-haiku-4-5-2025-10-01")]
    [InlineData("anthropic", "claude-haiku-4-5-99999999")]
    [InlineData("anthropic", "claude-haiku-4-5x20251001")]
    [InlineData("anthropic", "claude-haiku")]
    [InlineData("anthropic", "20251001")]
    [InlineData("anthropic", "")]
    [InlineData("gemini", "gpt-4o")]
    [InlineData("custom", "gpt-4o")]
    [InlineData("nobody", "gpt-4o")]
    public void A_name_that_nobody_listed_has_no_price(string provider, string model)
    {
        Assert.Null(Catalogue.Find(provider, model, null, Today));
        Assert.Null(Catalogue.FindModel(provider, model));
    }

    [Theory]
    [InlineData("openai/gpt-oss-120b:novita", null, "novita")]
    [InlineData("openai/gpt-oss-120b", "novita", "novita")]
    [InlineData("openai/gpt-oss-120b", "Novita", "novita")]
    [InlineData("openai/gpt-oss-120b:fastest", "groq", "groq")]
    // What served the request wins over what was asked for: the router fails over by itself.
    [InlineData("openai/gpt-oss-120b:novita", "groq", "groq")]
    [InlineData("OpenAI/GPT-OSS-120B:NOVITA", null, "novita")]
    public void Hugging_Face_is_priced_by_the_provider_that_served(string model, string? servedBy, string expected)
    {
        Assert.Equal(expected, Catalogue.Find("huggingface", model, servedBy, Today)?.ServedBy);
    }

    [Theory]
    [InlineData("openai/gpt-oss-120b", null)]
    [InlineData("openai/gpt-oss-120b", "")]
    [InlineData("openai/gpt-oss-120b:", null)]
    [InlineData("openai/gpt-oss-120b:fastest", null)]
    [InlineData("openai/gpt-oss-120b:cheapest", null)]
    [InlineData("openai/gpt-oss-120b:preferred", null)]
    [InlineData("openai/gpt-oss-120b:cerebras", null)]
    [InlineData("openai/gpt-oss-120b:novita", "cerebras")]
    [InlineData("deepseek-ai/DeepSeek-V3.2:together", null)]
    public void Hugging_Face_without_a_known_serving_provider_is_not_guessed(string model, string? servedBy)
    {
        Assert.Null(Catalogue.Find("huggingface", model, servedBy, Today));
        Assert.NotNull(Catalogue.FindModel("huggingface", model));
    }

    [Fact]
    public void Other_providers_do_not_depend_on_who_served()
    {
        Assert.Equal("gpt-4o", Catalogue.Find("openai", "gpt-4o", "somebody", Today)?.Model);
        Assert.Null(Catalogue.Find("openai", "gpt-4o:novita", null, Today));
    }

    [Theory]
    [InlineData("gpt-4o-mini", "openai")]
    [InlineData("gpt-4o-mini-2024-07-18", "openai")]
    [InlineData("claude-haiku-4-5", "anthropic")]
    [InlineData("gemini-2.5-flash", "gemini")]
    [InlineData("llama-3.3-70b-versatile", "groq")]
    [InlineData("openai/gpt-oss-120b", "groq,huggingface")]
    [InlineData("openai/gpt-oss-120b:novita", "huggingface")]
    [InlineData("no-such-model", "")]
    public void A_plain_model_name_is_resolved_to_the_vendor_first(string model, string expected)
    {
        Assert.Equal(expected, string.Join(',', Catalogue.FindProviders(model)));
    }

    [Fact]
    public void A_plain_model_name_never_resolves_to_a_custom_origin()
    {
        var shared = TestEntry.Plain with { Model = "shared" };
        var catalogue = new PriceCatalogue([.. new[] { "custom", "huggingface", "groq", "gemini", "anthropic", "openai" }.Select(provider => shared with { Provider = provider })]);
        Assert.Equal(["openai", "anthropic", "gemini", "groq", "huggingface"], catalogue.FindProviders("shared"));
        Assert.NotNull(catalogue.Find("custom", "shared", null, Today));
    }

    [Fact]
    public void A_higher_layer_wins_where_it_has_a_price_and_the_lower_one_fills_the_rest()
    {
        var listed = TestEntry.Plain with { Aliases = ["test-model-latest"], Snapshots = SnapshotNames.CompactDate };
        var overriding = (TestEntry.Plain with { ValidFrom = Today, ValidTo = Today.AddDays(1), Source = "operator" }).Costing(.5m);
        var catalogue = new PriceCatalogue([overriding], [listed, TestEntry.Plain with { Model = "other" }]);

        decimal? PriceAt(string model, DateTimeOffset at) => catalogue.Find("openai", model, null, at)?.ListedUsd(PriceUnit.Input);
        Assert.Equal(.5m, PriceAt("test-model", Today));
        Assert.Equal(.5m, PriceAt("test-model-latest", Today));
        Assert.Equal(.5m, PriceAt("test-model-20261101", Today));
        Assert.Equal(1m, PriceAt("test-model", Today.AddTicks(-1)));
        Assert.Equal(1m, PriceAt("test-model", Today.AddDays(1)));
        Assert.Equal(1m, PriceAt("other", Today));
        Assert.Equal(["test-model", "other"], catalogue.Models.Select(m => m.Name));
    }

    [Fact]
    public void A_higher_layer_may_give_one_snapshot_a_price_of_its_own()
    {
        var listed = TestEntry.Plain with { Aliases = ["test-model-2026"] };
        var overriding = (TestEntry.Plain with { Model = "Test-Model-2026", ValidFrom = Today }).Costing(.5m);
        var catalogue = new PriceCatalogue([overriding], [listed]);

        Assert.Equal(.5m, catalogue.Find("openai", "test-model-2026", null, Today)?.ListedUsd(PriceUnit.Input));
        Assert.Equal(1m, catalogue.Find("openai", "test-model", null, Today)?.ListedUsd(PriceUnit.Input));
        // Before its own price began, the snapshot was an alias.
        Assert.Equal(1m, catalogue.Find("openai", "test-model-2026", null, Today.AddTicks(-1))?.ListedUsd(PriceUnit.Input));
    }

    [Fact]
    public void A_higher_layer_may_change_how_snapshots_are_named()
    {
        var catalogue = new PriceCatalogue([TestEntry.Plain with { Snapshots = SnapshotNames.CompactDate }], [TestEntry.Plain with { Snapshots = SnapshotNames.DashedDate }]);
        Assert.NotNull(catalogue.Find("openai", "test-model-20261123", null, Today));
        Assert.Null(catalogue.Find("openai", "test-model-2026-11-23", null, Today));
    }

    [Fact]
    public void An_override_without_a_serving_provider_prices_every_route_of_the_router()
    {
        var overriding = TestEntry.Plain with { Provider = "huggingface", Model = "openai/gpt-oss-120b" };
        var catalogue = new PriceCatalogue([overriding], PriceCatalogue.ReadEmbedded());
        Assert.Equal("test", catalogue.Find("huggingface", "openai/gpt-oss-120b", null, Today)?.Source);
        Assert.Equal("test", catalogue.Find("huggingface", "openai/gpt-oss-120b:novita", null, Today)?.Source);
    }

    [Fact]
    public void Models_are_listed_once_with_their_serving_providers()
    {
        var models = Catalogue.Models.ToLookup(m => (m.Provider, m.Name));
        Assert.All(models, model => Assert.Single(model));
        Assert.Equal(
            ["fireworks-ai", "groq", "hyperbolic", "nebius", "novita", "nscale", "ovhcloud", "sambanova", "together"],
            models[("huggingface", "openai/gpt-oss-120b")].Single().ServedBy.Order());
        var mini = models[("openai", "gpt-4o-mini")].Single();
        Assert.Equal(["gpt-4o-mini-2024-07-18"], mini.Aliases);
        Assert.Empty(mini.ServedBy);
        Assert.Equal(.15m, mini.SheetAt(Today)?.ListedUsd(PriceUnit.Input));
        Assert.Null(models[("huggingface", "openai/gpt-oss-120b")].Single().SheetAt(Today));
        Assert.Equal(.05m, models[("huggingface", "openai/gpt-oss-120b")].Single().SheetAt(Today, "novita")?.ListedUsd(PriceUnit.Input));
    }

    [Fact]
    public void The_version_names_the_content_and_nothing_else()
    {
        Assert.Equal(Catalogue.Version, PriceCatalogue.LoadEmbedded().Version);
        var entry = TestEntry.Plain with { Aliases = ["a", "b"] };
        var other = TestEntry.Plain with { Model = "other" };
        var version = VersionOf(entry, other);
        Assert.Matches("^[0-9a-f]{16}$", version);
        Assert.Equal(version, VersionOf(other, entry with { Aliases = ["b", "a"] }));
        Assert.Equal(version, VersionOf(entry.Costing(1.00m), other));
    }

    [Fact]
    public void The_version_changes_with_whatever_can_change_a_cost()
    {
        var entry = TestEntry.Plain;
        PriceEntry[] variants =
        [
            entry,
            entry.Costing(1.000001m),
            entry with { Aliases = ["a"] },
            entry with { Snapshots = SnapshotNames.DashedDate },
            entry with { ValidFrom = Today },
            entry with { ValidTo = Today },
            entry with { Standard = entry.Standard with { ContextTiers = [new ContextTierListing(10, true, entry.Standard.Usd)] } },
            entry with { Standard = entry.Standard with { ContextTiers = [new ContextTierListing(10, false, entry.Standard.Usd)] } },
            entry with { ServiceTiers = new Dictionary<string, PriceListing> { ["flex"] = entry.Standard } },
            entry with { StandardTiers = ["flex"] },
            entry with { ChargedAs = new Dictionary<string, string> { ["cached_input"] = "input" } },
            entry with { MaxOutputTokens = 5 },
            entry with { ContextTokens = 5 },
            entry with { Source = "other" },
            entry with { FetchedAt = new DateOnly(2026, 11, 24) },
            entry with { Model = "other" },
            entry with { Provider = "groq" },
        ];
        Assert.Equal(variants.Length, variants.Select(v => VersionOf(v)).Distinct().Count());
        Assert.NotEqual(new PriceCatalogue([entry], [entry.Costing(3m)]).Version, new PriceCatalogue([entry.Costing(3m)], [entry]).Version);
        Assert.NotEqual(VersionOf(entry, entry with { Model = "z" }), new PriceCatalogue([entry], [entry with { Model = "z" }]).Version);
    }

    [Fact]
    public void Looking_up_a_price_allocates_nothing()
    {
        LookUpOfEachKind();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            LookUpOfEachKind();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void LookUpOfEachKind()
        {
            _ = Catalogue.Find("openai", "gpt-4o-mini", null, Today);
            _ = Catalogue.Find("anthropic", "claude-haiku-4-5-20251001", null, Today);
            _ = Catalogue.Find("huggingface", "openai/gpt-oss-120b:novita", null, Today);
            _ = Catalogue.Find("openai", "no-such-model", null, Today);
        }
    }

    private static string VersionOf(params PriceEntry[] entries) => new PriceCatalogue(entries).Version;
}
