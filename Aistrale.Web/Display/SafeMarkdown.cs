using Ganss.Xss;
using Markdig;
using Markdig.Renderers;
using Markdig.Syntax;

namespace Aistrale.Web.Display;

/// <summary>
/// Turns what a model wrote into HTML that can do nothing: no raw HTML, no images (an image address can carry the conversation out),
/// links to http, https and mailto only. Everything passes an allow-list afterwards, whatever the parser let through.
/// </summary>
internal sealed class SafeMarkdown
{
    private static readonly string[] Tags =
    [
        "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "sub", "sup", "code", "pre",
        "blockquote", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a",
    ];

    private readonly MarkdownPipeline _pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UsePipeTables()
        .UseEmphasisExtras()
        .UseAutoLinks()
        .Build();

    private readonly HtmlSanitizer _sanitizer = NewSanitizer();

    /// <summary>One piece of HTML per top-level block. While an answer grows only its last piece changes, so only that goes to the browser again.</summary>
    /// <param name="text">The markdown so far.</param>
    /// <param name="previous">The pieces of an earlier call on a beginning of the same text, to save the work of cleaning them again.</param>
    public IReadOnlyList<MarkdownBlock> ToBlocks(string text, IReadOnlyList<MarkdownBlock>? previous = null)
    {
        var document = Markdown.Parse(text, _pipeline);
        var blocks = new List<MarkdownBlock>(document.Count);
        foreach (var block in document)
        {
            var raw = Render(block);
            if (raw.Length == 0)
            {
                continue;
            }

            var known = previous is not null && blocks.Count < previous.Count ? previous[blocks.Count] : null;
            blocks.Add(known?.Raw == raw ? known : new MarkdownBlock(raw, Clean(raw)));
        }

        return blocks;
    }

    private string Render(Block block)
    {
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        _pipeline.Setup(renderer);
        renderer.Render(block);
        return writer.ToString();
    }

    private string Clean(string html)
    {
        // The sanitizer keeps no state between calls, but its documentation promises no thread safety.
        lock (_sanitizer)
        {
            return _sanitizer.Sanitize(html);
        }
    }

    private static HtmlSanitizer NewSanitizer()
    {
        var sanitizer = new HtmlSanitizer();
        Replace(sanitizer.AllowedTags, Tags);
        Replace(sanitizer.AllowedAttributes, ["href", "title", "class", "start"]);
        Replace(sanitizer.AllowedSchemes, ["http", "https", "mailto"]);
        sanitizer.AllowedCssProperties.Clear();
        sanitizer.AllowedAtRules.Clear();
        sanitizer.AllowDataAttributes = false;
        sanitizer.UriAttributes.Add("href");
        sanitizer.PostProcessNode += (_, args) =>
        {
            if (args.Node is not AngleSharp.Dom.IElement element)
            {
                return;
            }

            // Classes could dress text up as part of the console; only the language of a code block is of use.
            if (element.ClassName is { } name && !IsLanguage(element, name))
            {
                element.RemoveAttribute("class");
            }

            switch (element.LocalName)
            {
                case "a":
                    element.SetAttribute("rel", "noopener noreferrer nofollow");
                    element.SetAttribute("target", "_blank");
                    break;
                case "pre" or "table":
                    // What scrolls sideways must be reachable by keyboard.
                    element.SetAttribute("tabindex", "0");
                    break;
            }
        };
        return sanitizer;
    }

    private static bool IsLanguage(AngleSharp.Dom.IElement element, string name) =>
        element.LocalName == "code" && name.StartsWith("language-", StringComparison.Ordinal) && !name.Contains(' ', StringComparison.Ordinal);

    private static void Replace(ISet<string> set, IEnumerable<string> values)
    {
        set.Clear();
        set.UnionWith(values);
    }
}

/// <summary>One top-level block; only <paramref name="Html"/> may be shown.</summary>
public sealed record MarkdownBlock(string Raw, string Html);
