using Aistrale.ApiService.Http;
using Aistrale.ApiService.Sessions;
using Aistrale.UnitTests.Core.Encryption;
using Xunit;

namespace Aistrale.UnitTests.ApiService;

public sealed class PublicOriginsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void By_default_this_machine_on_the_web_port_is_allowed(string? text)
    {
        var origins = Origins(text);

        Assert.True(origins.Contains("http://localhost:5080"));
        Assert.True(origins.Contains("http://127.0.0.1:5080"));
        Assert.False(origins.Contains("http://localhost:5081"));
        Assert.False(origins.Contains("https://localhost:5080"));
        Assert.Equal((false, 5080), (origins.IsSecure, origins.Port));
    }

    [Theory]
    [InlineData("https://console.example.com", true)]
    [InlineData("HTTPS://Console.Example.com", true)]
    [InlineData("http://console.example.com", false)]
    [InlineData("https://console.example.com:8443", false)]
    [InlineData("https://console.example.com.evil.test", false)]
    [InlineData("https://evil.test/https://console.example.com", false)]
    [InlineData("https://other.example.com:8443", true)]
    [InlineData("https://other.example.com", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public void An_origin_is_scheme_host_and_port(string origin, bool contained) =>
        Assert.Equal(contained, Origins(" https://console.example.com:443/ , https://other.example.com:8443/some/path,").Contains(origin));

    [Fact]
    public void An_international_name_is_compared_as_browsers_send_it() => Assert.True(Origins("https://münchen.example").Contains("https://xn--mnchen-3ya.example"));

    [Theory]
    [InlineData("https://a.example", true)]
    [InlineData("https://a.example,https://b.example", true)]
    [InlineData("https://a.example,http://localhost:5080", false)]
    public void Cookies_insist_on_https_where_every_origin_has_it(string text, bool secure)
    {
        var cookie = new SessionCookie(Origins(text));

        Assert.Equal(secure, cookie.IsSecure);
        Assert.Equal(secure, cookie.Name == "__Host-aistrale");
    }

    [Fact]
    public void On_plain_http_the_cookie_carries_the_port() => Assert.Equal("aistrale-6001", new SessionCookie(Origins("http://localhost:6001")).Name);

    [Theory]
    [InlineData("http://console.example.com", "Use https.")]
    [InlineData("https://a.example,http://10.0.0.5:5080", "Use https.")]
    [InlineData("console.example.com", "which is no origin")]
    [InlineData("ftp://console.example.com", "which is no origin")]
    [InlineData("https://", "which is no origin")]
    [InlineData("*", "which is no origin")]
    [InlineData(" , ", "Write it like https://console.example.com.")]
    public void What_cannot_be_an_origin_stops_the_start_with_one_sentence(string text, string words)
    {
        var message = Assert.Throws<InvalidOperationException>(() => Origins(text)).Message;

        Assert.StartsWith("AISTRALE_PUBLIC_ORIGINS", message, StringComparison.Ordinal);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    internal static PublicOrigins Origins(string? text) => new(KeyRings.Settings(("AISTRALE_PUBLIC_ORIGINS", text)));
}
