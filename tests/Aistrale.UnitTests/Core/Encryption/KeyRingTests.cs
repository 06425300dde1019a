using Aistrale.Core.Encryption;
using Xunit;

namespace Aistrale.UnitTests.Core.Encryption;

public sealed class KeyRingTests
{
    [Fact]
    public void New_cells_use_the_active_key_and_old_ones_find_theirs()
    {
        var wrapper = KeyRings.Wrapper();
        var old = KeyRings.Row(wrapper, DataKeyPurposes.ProviderToken, 1, DataKeyStates.DecryptOnly);
        var current = KeyRings.Row(wrapper, DataKeyPurposes.ProviderToken, 2, DataKeyStates.Active);
        var pepper = KeyRings.Row(wrapper, DataKeyPurposes.KeyPepper, 1, DataKeyStates.Active);
        var ring = KeyRings.Empty(wrapper);
        ring.Use([old, current, pepper]);

        Assert.Equal(current.Id, ring.Active(DataKeyPurposes.ProviderToken).Id);
        Assert.Equal((old.Id, 1), (ring.Find(old.Id)!.Id, ring.Find(old.Id)!.Version));
        Assert.NotEqual(ring.Find(old.Id)!.Bytes, ring.Find(current.Id)!.Bytes);
        Assert.Equal([pepper.Id], ring.All(DataKeyPurposes.KeyPepper).Select(key => key.Id));
        Assert.Null(ring.Find(Guid.Empty));
    }

    [Fact]
    public void A_ring_that_was_not_loaded_says_what_to_do()
    {
        var ring = KeyRings.Empty();

        Assert.Null(ring.FindActive(DataKeyPurposes.KeyPepper));
        Assert.Contains("run the migrations", Assert.Throws<InvalidOperationException>(() => ring.Active(DataKeyPurposes.KeyPepper)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_key_moved_to_another_version_or_purpose_does_not_unwrap_and_leaves_the_ring_as_it_was()
    {
        var wrapper = KeyRings.Wrapper();
        var row = KeyRings.Row(wrapper, DataKeyPurposes.ProviderToken, 1, DataKeyStates.Active);
        var ring = KeyRings.Empty(wrapper);
        ring.Use([row]);
        var moved = KeyRings.Row(wrapper, DataKeyPurposes.ProviderToken, 2, DataKeyStates.Active);
        moved.Wrapped = row.Wrapped;

        var refused = Assert.Throws<InvalidKeyEncryptionKeyException>(() => ring.Use([moved]));

        Assert.Equal("The data key provider_token v2 cannot be unwrapped with the configured key-encryption key.", refused.Message);
        Assert.Equal(row.Id, ring.Active(DataKeyPurposes.ProviderToken).Id);
    }

    [Fact]
    public void Keys_wrapped_under_another_key_encryption_key_are_refused()
    {
        var row = KeyRings.Row(KeyRings.Wrapper(), DataKeyPurposes.ProviderToken, 1, DataKeyStates.Active);

        Assert.Throws<InvalidKeyEncryptionKeyException>(() => KeyRings.Empty(KeyRings.Wrapper()).Use([row]));
    }
}
