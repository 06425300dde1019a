using System.Collections.Frozen;
using System.Text;

namespace Aistrale.Sandbox.Scripting;

/// <summary>Words for generated text, encoded once: no word needs JSON escaping, so its bytes go to the wire as they are.</summary>
internal static class Vocabulary
{
    private static readonly FrozenDictionary<string, byte[][]> Languages = new Dictionary<string, byte[][]>(StringComparer.Ordinal)
    {
        ["en"] = Encode("the river carries small boats past quiet gardens while morning light opens every window and someone sings about bread rain copper wool honey slate maple cedar harbour lantern engine compass ledger signal market station orchard bridge valley meadow summit island thunder velvet marble amber silver winter summer autumn spring paper pencil letter number circle story answer question method pattern"),
        ["de"] = Encode("Straße Brücke Äpfel über Fluß Morgen Gärten Öl schön müde größer Küche Wärme Bäume Löffel Tür Nächte süß fröhlich Hügel und oder mit ohne Brot Regen Licht Fenster Wolle Honig"),
        ["ja"] = Encode("こんにちは 世界 朝 光 庭 川 小舟 静か 歌 雨 銅 羊毛 蜂蜜 楓 港 灯り 羅針盤 駅 果樹園 橋 谷 草原 島 雷 琥珀 銀 冬 夏 秋 春"),
        ["ar"] = Encode("مرحبا عالم صباح ضوء حديقة نهر قارب هادئ أغنية مطر نحاس صوف عسل ميناء مصباح محطة بستان جسر واد جزيرة رعد فضة شتاء صيف خريف ربيع"),
        ["emoji"] = Encode("🌊 🚤 🌱 🌅 🪟 🎶 🍞 🌧️ 🧶 🍯 🍁 ⚓ 🏮 🧭 🚉 🌉 ⛰️ 🏝️ ⛈️ 👩‍🚀 👨‍👩‍👧 🇩🇪 🇯🇵 é́ 𝒳 ✍🏽"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool Knows(string language) => Languages.ContainsKey(language);

    public static byte[][] Words(string language) => Languages[language];

    private static byte[][] Encode(string words) => [.. words.Split(' ').Select(Encoding.UTF8.GetBytes)];
}
