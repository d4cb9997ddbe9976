#compdef acctsnap
# Completion of acctsnap in zsh. In ~/.zshrc, after compinit:  source <(acctsnap completions zsh)
_acctsnap() {
    local kind='' value note line="${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX"
    local -a values notes
    {
        IFS= read -r kind
        while IFS=$'\t' read -r value note; do
            values+=("$value")
            notes+=("$value${note:+  -- $note}")
        done
    } < <(acctsnap __complete zsh "$line" 2>/dev/null)
    if [[ $kind == files ]]; then
        _files
    elif (( $#values )); then
        compadd -l -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}' -d notes -a values
    fi
}
if [[ $funcstack[1] == _acctsnap ]]; then
    _acctsnap "$@"
else
    compdef _acctsnap acctsnap
fi
