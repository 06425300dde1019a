using Aistrale.Web.Display;
using CsCheck;
using Xunit;

namespace Aistrale.UnitTests.Web;

public sealed class SafeMarkdownTests
{
    private readonly SafeMarkdown _markdown = new();

    public static TheoryData<string> Hostile() =>
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<iframe src=\"javascript:alert(1)\"></iframe>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:msgbox(1))",
        "![beacon](https://elsewhere.example/pixel.png)",
        "![x](javascript:alert(1))",
        "<style>body{display:none}</style>",
        "<p style=\"position:fixed\">x</p>",
        "<details open ontoggle=alert(1)>x</details>",
        "<form action=https://elsewhere.example><input name=q></form>",
        "```\n</code></pre><script>alert(1)</script>\n```",
        "```\" onmouseover=alert(1) x=\"\ncode\n```",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "<https://elsewhere.example/\"onclick=alert(1)>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<base href=https://elsewhere.example>",
        "<meta http-equiv=refresh content=0>",
        "<object data=x></object><embed src=x>",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_text_leaves_no_tag_or_attribute_that_could_act(string text)
    {
        var document = Parse(text);

        Assert.Empty(document.QuerySelectorAll("script, style, img, svg, math, iframe, form, input, object, embed, base, meta, link, video, audio, details"));
        Assert.All(document.QuerySelectorAll("*").SelectMany(element => element.Attributes), attribute =>
        {
            Assert.False(attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase), attribute.Name);
            Assert.NotEqual("style", attribute.Name);
            Assert.NotEqual("id", attribute.Name);
        });
        Assert.All(document.QuerySelectorAll("a[href]"), link =>
            Assert.Matches("^(https?|mailto):", link.GetAttribute("href")!));
    }

    [Fact]
    public void Any_text_at_all_leaves_nothing_that_could_act() =>
        Gen.OneOf("<", ">", "\"", "'", "(", ")", "[", "]", "`", "```\n", "\n", "javascript:", "on", "click=", "img src=", "script", "a href=", "&#x6A;", "!", "|", "-", "=", " ", "x", "\u0000")
            .Array[1, 40]
            .Sample(parts =>
            {
                var document = Parse(string.Concat(parts));
                Assert.Empty(document.QuerySelectorAll("script, img, style, iframe"));
                Assert.All(document.QuerySelectorAll("*").SelectMany(element => element.Attributes),
                    attribute => Assert.Contains(attribute.Name, new[] { "href", "title", "class", "start", "rel", "target", "tabindex" }));
            });

    [Fact]
    public void What_people_expect_of_markdown_is_there()
    {
        var document = Parse("# Title\n\n1. one\n2. **two**\n\n```csharp\nvar x = 1 < 2;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n~~old~~ https://example.org");

        Assert.Equal("Title", document.QuerySelector("h1")?.TextContent);
        Assert.Equal("two", document.QuerySelector("li strong")?.TextContent);
        Assert.Equal("var x = 1 < 2;\n", document.QuerySelector("pre code.language-csharp")?.TextContent);
        Assert.Equal("2", document.QuerySelector("td:nth-child(2)")?.TextContent);
        Assert.Equal("old", document.QuerySelector("del")?.TextContent);
        Assert.Equal("noopener noreferrer nofollow", document.QuerySelector("a[href='https://example.org/'], a[href='https://example.org']")?.GetAttribute("rel"));
    }

    [Fact]
    public void While_a_text_grows_finished_blocks_stay_the_same_objects()
    {
        var first = _markdown.ToBlocks("One.\n\nTwo is not");
        var second = _markdown.ToBlocks("One.\n\nTwo is not finished.\n\nThree", first);

        Assert.Equal(3, second.Count);
        Assert.Same(first[0], second[0]);
        Assert.Equal("<p>Two is not finished.</p>\n", second[1].Html);
    }

    private AngleSharp.Html.Dom.IHtmlDocument Parse(string text) =>
        new AngleSharp.Html.Parser.HtmlParser().ParseDocument(string.Concat(_markdown.ToBlocks(text).Select(block => block.Html)));
}
