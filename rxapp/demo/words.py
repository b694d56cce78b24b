"""What fills the gaps in the scenes: `{sensor}` becomes one of these."""

WORDS: dict[str, tuple[str, ...]] = {
    "sensor": ("humidity sensor", "wind vane", "rain gauge", "pressure sensor", "UV sensor", "thermometer"),
    "station": ("station 200", "the one on the town hall", "station 17", "the roof of the school", "station 88"),
    "version": ("2.4.0-rc1", "2.4.0-rc2", "2.3.7", "2.4.0", "2.5-dev"),
    "customer": ("the vineyard in Alsace", "Harbour Nord", "the ski club", "the university", "a farm near Leeds"),
    "place": ("the ramen place", "the canteen", "Green Door", "the food trucks", "the market hall"),
    "dish": ("tonkotsu", "the lentil thing", "a burrito", "pide", "leftovers", "the soup of the day"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "percent": ("2", "3", "4", "7", "12", "18"),
    "number": ("12", "40", "200", "350", "1,200"),
    "minutes": ("five", "ten", "twenty", "thirty"),
    "part": ("the driver", "the boot loader", "the radio stack", "the sampling loop", "the watchdog"),
    "page": ("the station page", "the map", "the sign-up form", "the dashboard", "the export dialog"),
    "model": ("the night model", "the fog model", "the nowcast", "the frost warning"),
    "ticket": ("4211", "4307", "4388", "4402", "4519", "4533"),
    "pull": ("812", "819", "827", "831", "840", "846"),
    "emoji": ("🎉", "👏", "🚀", "🙌", "🌦️", "💚", "🥐"),
    "city": ("Lisbon", "Bergen", "Kraków", "Nairobi", "Osaka", "Porto Alegre"),
    "metric": ("packet loss", "battery drain", "the p95 of the map", "cold starts", "memory after a week"),
    "album": ("the new Floating Points record", "that podcast on clouds", "a whole playlist of rain sounds"),
    "candidate": ("the radio engineer", "the second designer", "our former intern", "the candidate from Porto"),
}
