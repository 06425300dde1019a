using Aistrale.Core.Data;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Aistrale.UnitTests.Core.Data;

public sealed class ModelTests
{
    [Fact]
    public void Every_change_of_the_model_has_its_migration()
    {
        using var db = new DesignTimeFactory().CreateDbContext([]);

        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public void Every_announced_table_exists()
    {
        using var db = new DesignTimeFactory().CreateDbContext([]);
        var tables = db.Model.GetEntityTypes().Select(entity => entity.GetTableName());

        Assert.All(Topics.All, topic => Assert.Contains(topic, tables));
    }

    [Fact]
    public void Every_table_and_column_is_written_in_snake_case()
    {
        using var db = new DesignTimeFactory().CreateDbContext([]);
        var names = db.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties().Select(property => property.GetColumnName()).Append(entity.GetTableName()));

        Assert.All(names, name => Assert.Matches("^[a-z][a-z0-9_]*$", name!));
    }

    [Fact]
    public void Every_time_is_a_timestamp_with_time_zone_and_all_money_is_numeric()
    {
        using var db = new DesignTimeFactory().CreateDbContext([]);
        var properties = db.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()).ToArray();

        Assert.All(properties.Where(property => Is<DateTimeOffset>(property.ClrType)), property => Assert.Equal("timestamp with time zone", property.GetColumnType()));
        Assert.All(properties.Where(property => Is<decimal>(property.ClrType)), property => Assert.Equal("numeric", property.GetColumnType()));
        Assert.DoesNotContain(properties, property => Is<DateTime>(property.ClrType));
    }

    private static bool Is<T>(Type type)
        where T : struct => type == typeof(T) || type == typeof(T?);
}
