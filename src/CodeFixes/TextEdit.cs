using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.CodeFixes;

/// <summary>Edits text rather than syntax: what the user wrote around the edit stays as it is, comments and line ends included.</summary>
internal static class TextEdit
{
    public static async Task<Document> Apply(Document document, TextChange change, CancellationToken cancel)
    {
        SourceText text = await document.GetTextAsync(cancel).ConfigureAwait(false);
        return document.WithText(text.WithChanges(change));
    }
}
