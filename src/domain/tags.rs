//! Tags: category from the prefix, colour from the server, the category or the name.

/// What a tag is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TagCategory {
    /// `env-…`
    Environment,
    /// `client-…`
    Client,
    /// `always-on`, `critical`, `maint-ok` …
    Criticality,
    /// `…-tier`
    Tier,
    /// `k8s-…`, `talos-…`, `cluster-…`
    Kubernetes,
    /// Anything else.
    Other,
}

impl TagCategory {
    /// From the tag's name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
        if starts(&["env-"]) {
            Self::Environment
        } else if starts(&["client-"]) {
            Self::Client
        } else if starts(&["k8s-", "talos-", "cluster-", "k3s-"]) {
            Self::Kubernetes
        } else if name.ends_with("-tier") {
            Self::Tier
        } else if starts(&["always-on", "critical", "maint-"]) {
            Self::Criticality
        } else {
            Self::Other
        }
    }

    /// From the server's word, else from the name.
    #[must_use]
    pub fn read(word: Option<&str>, name: &str) -> Self {
        match word {
            Some("environment") => Self::Environment,
            Some("client") => Self::Client,
            Some("criticality") => Self::Criticality,
            Some("tier") => Self::Tier,
            Some("kubernetes") => Self::Kubernetes,
            _ => Self::of(name),
        }
    }

    /// Its name in lists.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Environment => "Environment",
            Self::Client => "Client",
            Self::Criticality => "Criticality",
            Self::Tier => "Tier",
            Self::Kubernetes => "Kubernetes",
            Self::Other => "Other",
        }
    }

    const fn hue(self) -> Option<u16> {
        match self {
            Self::Environment => Some(25),
            Self::Client => Some(255),
            Self::Criticality => Some(60),
            Self::Tier => Some(150),
            Self::Kubernetes => Some(305),
            Self::Other => None,
        }
    }
}

/// Hue in degrees (0 to 359, OKLCH) for a tag: from its own colour `#rrggbb`, else its category,
/// else its name. Lightness and chroma are the theme's, so that text stays readable.
#[must_use]
pub fn hue(name: &str, color: Option<&str>) -> u16 {
    color
        .and_then(hue_of_color)
        .or_else(|| match name {
            // The guide colours these two apart although they share a category.
            "env-dev" | "env-test" => Some(145),
            _ => TagCategory::of(name).hue(),
        })
        .unwrap_or_else(|| hue_of_name(name))
}

/// Hue of `#rrggbb`; `None` for greys and for what is no colour.
fn hue_of_color(color: &str) -> Option<u16> {
    let hex = color
        .strip_prefix('#')
        .filter(|hex| hex.len() == 6 && hex.is_ascii())?;
    let part = |at: usize| {
        u8::from_str_radix(hex.get(at..at + 2)?, 16)
            .ok()
            .map(f64::from)
    };
    let (red, green, blue) = (part(0)?, part(2)?, part(4)?);
    let (max, min) = (red.max(green).max(blue), red.min(green).min(blue));
    let spread = max - min;
    if spread < 12.0 {
        return None;
    }
    let sector = if (max - red).abs() < f64::EPSILON {
        ((green - blue) / spread).rem_euclid(6.0)
    } else if (max - green).abs() < f64::EPSILON {
        (blue - red) / spread + 2.0
    } else {
        (red - green) / spread + 4.0
    };
    // OKLCH's red stands at 29 degrees, HSL's at 0; near enough for the rest.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 360"
    )]
    let hue = (sector * 60.0 + 25.0).rem_euclid(360.0) as u16;
    Some(hue)
}

fn hue_of_name(name: &str) -> u16 {
    // FNV-1a; stable over releases, so a tag keeps its colour.
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    u16::try_from(hash % 360).unwrap_or_default()
}

/// Why a tag's name is not allowed (Proxmox: letters, digits, `-`, `_`, `+`, `.`; lower case by
/// default; it starts with a letter, digit or underscore).
///
/// # Errors
/// What is wrong, in words for the field.
pub fn check(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("Type a tag".to_owned());
    }
    if name.len() > 128 {
        return Err("At most 128 characters".to_owned());
    }
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
        return Err("Starts with a letter, a digit or _".to_owned());
    }
    match name
        .chars()
        .find(|c| !(c.is_ascii_alphanumeric() || "-_+.".contains(*c)))
    {
        Some(' ') => Err("No spaces in a tag".to_owned()),
        Some(other) => Err(format!(
            "{other} is not allowed: use letters, digits, - _ + ."
        )),
        None => Ok(()),
    }
}

/// Name of the Kubernetes cluster that a VM belongs to by its tags, and whether it is a Talos one.
#[must_use]
pub fn cluster(tags: &[String]) -> Option<&str> {
    tags.iter().find_map(|tag| tag.strip_prefix("cluster-"))
}

/// Whether the tags mark a node of a Talos cluster.
#[must_use]
pub fn is_talos(tags: &[String]) -> bool {
    tags.iter()
        .any(|tag| tag == "talos-cluster" || tag.starts_with("talos-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_and_hues() {
        assert_eq!(TagCategory::of("env-prod"), TagCategory::Environment);
        assert_eq!(TagCategory::of("web-tier"), TagCategory::Tier);
        assert_eq!(TagCategory::of("talos-v1.7.0"), TagCategory::Kubernetes);
        assert_eq!(
            TagCategory::read(Some("client"), "acme"),
            TagCategory::Client
        );
        assert_eq!(hue("x", Some("#d32f2f")), 25);
        assert_eq!(hue("x", Some("#808080")), hue("x", None));
        assert_eq!(hue("x", Some("#ü1")), hue("x", None));
        assert_ne!(hue("env-prod", None), hue("env-dev", None));
    }

    #[test]
    fn names() {
        assert!(check("env-prod").is_ok());
        assert!(check("").is_err());
        assert!(check("a b").is_err());
        assert!(check("<script>").is_err());
        assert!(check("-x").is_err());
    }

    #[test]
    fn clusters() {
        let tags = [
            "talos-cluster".to_owned(),
            "cluster-talos-prod-01".to_owned(),
        ];
        assert_eq!(cluster(&tags), Some("talos-prod-01"));
        assert!(is_talos(&tags));
        assert!(!is_talos(&["env-prod".to_owned()]));
    }
}
